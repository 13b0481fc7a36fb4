import { setTimeout as pause } from 'node:timers/promises';
import type { Answer, LoadClient } from './load-client.js';
import { percentile } from './percentile.js';
import type { ServerProcess } from './server-process.js';

/** A question about one thing, as most are: answered by the three tools that it needs. */
export const QUESTION = 'Which team costs the most?';
/** Everything that the data allows. */
export const WHOLE_ANALYSIS = 'Analyze my AI costs';
/** supervisor, triage, data, optimization, actions, report. */
const AGENTS = 6;
const DURABLE_EVENTS_MIN = 20;

export interface Loop {
  readonly question: string;
  readonly warmUpMs: number;
  readonly measureMs: number;
}

export interface LoadResult {
  readonly runs: number;
  readonly runsPerSecond: number;
  readonly durableEventsPerSecond: number;
  readonly durableEventsPerRun: number;
  readonly runP50Ms: number;
  readonly runP99Ms: number;
  readonly startedP50Ms: number;
  readonly startedP99Ms: number;
  /** Of the server's process and of this one, for each run. */
  readonly serverCpuMs: number;
  readonly clientCpuMs: number;
}

/** Each client asks, waits for the last event, asks again; only what ends inside the measured time counts. */
export async function closedLoop(
  clients: readonly LoadClient[],
  server: ServerProcess,
  { question, warmUpMs, measureMs }: Loop,
): Promise<LoadResult> {
  const stop = new AbortController();
  let answers: Answer[] = [];
  const loops = clients.map(async (client) => {
    while (!stop.signal.aborted) answers.push(checked(await client.ask(question)));
  });
  // A loop that fails ends the measurement at once, not after its time.
  const failed = Promise.all(loops);
  await Promise.race([pause(warmUpMs), failed]);
  answers = [];
  const before = await snapshot(clients, server);
  await Promise.race([pause(measureMs), failed]);
  const after = await snapshot(clients, server);
  const counted = answers;
  stop.abort();
  await failed;
  return summary(counted, before, after);
}

/** A run that took a short cut must not make the figure better. */
export function checked(answer: Answer): Answer {
  if (!answer.completed || answer.agents !== AGENTS || answer.durableEvents < DURABLE_EVENTS_MIN) {
    throw new Error(`a run was not the whole analysis: ${JSON.stringify(answer)}`);
  }
  return answer;
}

interface Snapshot {
  readonly atMs: number;
  readonly durableEvents: number;
  readonly serverCpuMs: number;
  readonly clientCpuMs: number;
}

async function snapshot(clients: readonly LoadClient[], server: ServerProcess): Promise<Snapshot> {
  const { cpuMs } = await server.report();
  const { user, system } = process.cpuUsage();
  return {
    atMs: performance.now(),
    durableEvents: clients.reduce((sum, client) => sum + client.durableEvents, 0),
    serverCpuMs: cpuMs,
    clientCpuMs: (user + system) / 1_000,
  };
}

function summary(answers: readonly Answer[], before: Snapshot, after: Snapshot): LoadResult {
  const seconds = (after.atMs - before.atMs) / 1_000;
  const runs = answers.length;
  const durations = answers.map(({ finishedMs }) => finishedMs);
  const started = answers.map(({ startedMs }) => startedMs);
  return {
    runs,
    runsPerSecond: runs / seconds,
    durableEventsPerSecond: (after.durableEvents - before.durableEvents) / seconds,
    durableEventsPerRun: answers.reduce((sum, { durableEvents }) => sum + durableEvents, 0) / runs,
    runP50Ms: percentile(durations, 0.5),
    runP99Ms: percentile(durations, 0.99),
    startedP50Ms: percentile(started, 0.5),
    startedP99Ms: percentile(started, 0.99),
    serverCpuMs: (after.serverCpuMs - before.serverCpuMs) / runs,
    clientCpuMs: (after.clientCpuMs - before.clientCpuMs) / runs,
  };
}
