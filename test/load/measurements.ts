import { closedLoop, type LoadResult } from './closed-loop.js';
import { firstEvent, type FirstEventResult } from './first-event.js';
import { idleConnections, type IdleResult } from './idle-connections.js';
import { LoadClient } from './load-client.js';
import type { BenchOptions } from './bench-options.js';
import type { ServerProcess } from './server-process.js';

/** Everything that is measured of one server. */
export interface Measurements {
  readonly single: FirstEventResult;
  readonly load: LoadResult;
  readonly idle: IdleResult;
}

const SINGLE_WARM_UP_RUNS = 50;

/** Measures one server, one thing after the other. `tokens`: of the users, one for each client. */
export async function measure(
  server: ServerProcess,
  tokens: readonly string[],
  options: BenchOptions,
): Promise<Measurements> {
  const single = await withClients(server, tokens.slice(0, 1), ([client]) => {
    if (client === undefined) throw new Error('there is no user to ask as');
    return firstEvent(client, { warmUpRuns: SINGLE_WARM_UP_RUNS, runs: options.singleRuns });
  });
  const load = await withClients(server, tokens.slice(0, options.clients), (clients) =>
    closedLoop(clients, server, options),
  );
  const idle = await idleConnections(server, tokens, options.idleConnections);
  return { single, load, idle };
}

async function withClients<Result>(
  server: ServerProcess,
  tokens: readonly string[],
  work: (clients: readonly LoadClient[]) => Promise<Result>,
): Promise<Result> {
  const clients = await Promise.all(tokens.map((token) => LoadClient.open(server.socketUrl, token)));
  try {
    return await work(clients);
  } finally {
    await Promise.all(clients.map((client) => client.close()));
  }
}
