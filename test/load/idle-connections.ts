import { LoadClient } from './load-client.js';
import type { ServerProcess } from './server-process.js';

/** Handshakes at once: fewer than the server's listen backlog. */
const BATCH = 50;
/** Opened and closed first, so that code and tables that any number of connections needs are not counted. */
const WARM_UP_CONNECTIONS = 200;

export interface IdleResult {
  readonly connections: number;
  readonly rssKilobytesPerConnection: number;
  readonly heapKilobytesPerConnection: number;
}

/** What the server needs for connections that are open and ready, and on which nothing happens. */
export async function idleConnections(
  server: ServerProcess,
  tokens: readonly string[],
  connections: number,
): Promise<IdleResult> {
  await closeAll(await openMany(server, tokens, WARM_UP_CONNECTIONS));
  const before = await server.report(true);
  const clients = await openMany(server, tokens, connections);
  const after = await server.report(true);
  await closeAll(clients);
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
