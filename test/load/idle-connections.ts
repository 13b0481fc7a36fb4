import { LoadClient } from './load-client.js';
import type { ServerProcess } from './server-process.js';

/** Handshakes at once: fewer than the server's listen backlog. */
const BATCH = 50;
export interface IdleResult {
  readonly connections: number;
  readonly rssKilobytesPerConnection: number;
  readonly heapKilobytesPerConnection: number;
}

/**
 * What the server needs for each connection that is open and ready, and on which nothing happens. Measured beside as many that are open already:
 * code, tables and the room for young objects, which any number of connections needs, are there then.
 */
export async function idleConnections(
  server: ServerProcess,
  tokens: readonly string[],
  connections: number,
): Promise<IdleResult> {
  const there = await openMany(server, tokens, connections);
  const before = await server.report(true);
  const clients = await openMany(server, tokens, connections);
  const after = await server.report(true);
  await closeAll([...there, ...clients]);
  return {
    connections,
    rssKilobytesPerConnection: (after.rssBytes - before.rssBytes) / connections / 1024,
    heapKilobytesPerConnection: (after.heapBytes - before.heapBytes) / connections / 1024,
  };
}

async function openMany(server: ServerProcess, tokens: readonly string[], count: number): Promise<LoadClient[]> {
  const clients: LoadClient[] = [];
  while (clients.length < count) {
    const batch = Array.from({ length: Math.min(BATCH, count - clients.length) }, (_, index) => {
      const token = tokens[(clients.length + index) % tokens.length];
      return LoadClient.open(server.socketUrl, token ?? '');
    });
    clients.push(...(await Promise.all(batch)));
  }
  return clients;
}

async function closeAll(clients: readonly LoadClient[]): Promise<void> {
  await Promise.all(clients.map((client) => client.close()));
}
