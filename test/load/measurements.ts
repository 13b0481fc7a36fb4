import type { BenchOptions } from './bench-options.js';
import { closedLoop, QUESTION, WHOLE_ANALYSIS, type LoadResult } from './closed-loop.js';
import { firstEvent, type FirstEventResult } from './first-event.js';
import { idleConnections, type IdleResult } from './idle-connections.js';
import { LoadClient } from './load-client.js';
import { ServerProcess, type ServerCommand } from './server-process.js';

/** Everything that is measured of one server. */
export interface Measurements {
  readonly single: FirstEventResult;
  readonly load: LoadResult;
  /** The same with the question that asks for everything. */
  readonly whole: LoadResult;
  readonly idle: IdleResult;
}

export const SINGLE_WARM_UP_RUNS = 50;

/**
 * Measures one server, one thing after the other. `prepare` gives the tokens of the users, one for each client. Memory is looked at in a
 * process of its own: one that has worked has free memory, in which connections would disappear.
 */
export async function measure(
  command: ServerCommand,
  options: BenchOptions,
  prepare: (server: ServerProcess) => Promise<readonly string[]>,
): Promise<Measurements> {
  const { tokens, ...worked } = await withServer(command, async (server) => {
    const tokens = await prepare(server);
    return { tokens, ...(await work(server, tokens, options)) };
  });
  const idle = await withServer(command, (server) => idleConnections(server, tokens, options.idleConnections));
  return { ...worked, idle };
}

async function work(
  server: ServerProcess,
  tokens: readonly string[],
  options: BenchOptions,
): Promise<Pick<Measurements, 'single' | 'load' | 'whole'>> {
  const single = await withClients(server, tokens.slice(0, 1), ([client]) => {
    if (client === undefined) throw new Error('there is no user to ask as');
    return firstEvent(client, { warmUpRuns: SINGLE_WARM_UP_RUNS, runs: options.singleRuns });
  });
  return withClients(server, tokens, async (clients) => ({
    single,
    load: await closedLoop(clients, server, { question: QUESTION, ...options }),
    whole: await closedLoop(clients, server, { question: WHOLE_ANALYSIS, ...options }),
  }));
}

/** A server in a process of its own, for as long as it is used. */
export async function withServer<Result>(
  command: ServerCommand,
  use: (server: ServerProcess) => Promise<Result>,
): Promise<Result> {
  const server = await ServerProcess.start(command);
  try {
    return await use(server);
  } finally {
    await server.stop();
  }
}

export async function withClients<Result>(
  server: ServerProcess,
  tokens: readonly string[],
  use: (clients: readonly LoadClient[]) => Promise<Result>,
): Promise<Result> {
  const clients = await Promise.all(tokens.map((token) => LoadClient.open(server.socketUrl, token)));
  try {
    return await use(clients);
  } finally {
    await Promise.all(clients.map((client) => client.close()));
  }
}
