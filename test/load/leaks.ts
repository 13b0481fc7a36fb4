import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Database } from '../../src/persistence/database.js';
import { connectAt, registerAt } from '../support/rest-user.js';
import { until } from '../support/until.js';
import { heapClasses } from './heap-classes.js';
import type { ServerProcess } from './server-process.js';
import { accepted, messageOf } from './visit.js';

export interface LeakOptions {
  readonly users: number;
  readonly cycles: number;
  readonly seedName: string;
  /** For heap snapshots. */
  readonly folder: string;
  /** How long what is left may take to go: what is written behind has its end in seconds, what the monitor follows in minutes. */
  readonly settleMs: number;
  /** Something else that happens in each cycle of each user: what a control plants. */
  readonly extra?: (token: string) => Promise<void>;
}

/** What a server holds while nobody is connected and no run is alive. */
interface Holdings {
  readonly classes: ReadonlyMap<string, number>;
  readonly resources: Readonly<Record<string, number>>;
  readonly heapBytes: number;
}

export interface LeakReport {
  readonly runs: number;
  /** Classes, functions and resources of which there are more, about as many as there were runs; what is still locked or unfinished. */
  readonly leaks: readonly string[];
  readonly heapBytesPerRun: number;
}

/** Of a run, its messages and what a bounded table notes of it. */
export const HEAP_BYTES_PER_RUN_MAX = 16 * 1024;

const WARM_UP_CYCLES = 3;
/** Something that one run in four leaves behind is found. */
const LEAK_SHARE = 0.25;
/** Kinds of which everything makes some: a few hundred more come from what happens for the first time, however long it is run before. */
const NAMELESS = ['Object', 'Array', 'system / Context', 'function ', 'function native_bind'];
const NAMELESS_ALLOWANCE = 500;
const SETTLED_MS = 120_000;
const LOOK_EVERY_MS = 2_000;
/** Connects, runs and disconnects again and again; compares what the server holds after a warm-up with what it holds in the end. */
export async function findLeaks(server: ServerProcess, database: Database, options: LeakOptions): Promise<LeakReport> {
  const { users, cycles, seedName } = options;
  const tokens: string[] = [];
  while (tokens.length < users) tokens.push(await registerAt(server.url, `${seedName}-${tokens.length}@example.com`));
  const all = async (count: number): Promise<void> => {
    for (let cycle = 0; cycle < count; cycle += 1) {
      await Promise.all(tokens.map((token, user) => oneCycle(server.url, token, { number: cycle + user, options })));
    }
    await quiet(server, database);
  };
  await all(WARM_UP_CYCLES);
  const before = await holdings(server, options.folder);
  await all(cycles);
  const runs = users * cycles;
  let after = await holdings(server, options.folder);
  // Events that nobody was there to see are followed for the monitor's window; a leak is for ever.
  const deadline = performance.now() + options.settleMs;
  while (grown(before, after, runs * LEAK_SHARE).length > 0 && performance.now() < deadline) {
    await pause(LOOK_EVERY_MS);
    after = await holdings(server, options.folder);
  }
  const leaks = [...grown(before, after, runs * LEAK_SHARE), ...(await leftInDatabase(database))];
  return { runs, leaks, heapBytesPerRun: (after.heapBytes - before.heapBytes) / runs };
}

/** One client in three waits for its answer and says goodbye, one is cut off after it, one leaves while its run goes on. */
async function oneCycle(
  url: string,
  token: string,
  { number, options }: { number: number; options: LeakOptions },
): Promise<void> {
  const client = await connectAt(url, token);
  const { run_id: runId } = accepted.parse(await client.ask(messageOf(number)));
  if (number % 3 !== 2) await client.next(({ run_id: id, final }) => id === runId && final === true, SETTLED_MS);
  if (number % 3 === 0) client.close();
  else client.terminate();
  await options.extra?.(token);
  await client.end();
}

/** Nobody is connected any more and no run goes on. */
async function quiet(server: ServerProcess, database: Database): Promise<void> {
  const isQuiet = async (): Promise<boolean> => {
    const rows = await database.rows<{ id: string }>(
      `SELECT id FROM run WHERE state NOT IN ('completed', 'failed', 'timeout', 'dead', 'cancelled') LIMIT 1`,
    );
    const metrics = await (await fetch(`${server.url}/metrics`)).text();
    return rows.length === 0 && metrics.includes('goldenpath_connections{state="ready"} 0');
  };
  await until(isQuiet, { timeoutMs: SETTLED_MS, message: 'all runs to end and all connections to be gone' });
}

async function holdings(server: ServerProcess, folder: string): Promise<Holdings> {
  const file = join(folder, 'leaks.heapsnapshot');
  const { heapBytes } = await server.report(true);
  const resources = await server.snapshot(file);
  const classes = await heapClasses(file);
  await rm(file);
  return { classes, resources, heapBytes };
}

function grown(before: Holdings, after: Holdings, limit: number): string[] {
  const objects = [...after.classes].map(([name, count]) => ({ name, more: count - (before.classes.get(name) ?? 0) }));
  const resources = Object.entries(after.resources).map(([name, count]) => ({
    name: `resource ${name}`,
    more: count - (before.resources[name] ?? 0),
  }));
  const limitOf = (name: string): number => (NAMELESS.includes(name) ? limit + NAMELESS_ALLOWANCE : limit);
  return [...objects, ...resources]
    .filter(({ name, more }) => more >= limitOf(name))
    .map(({ name, more }) => `${more} more ${name}`);
}

/** Row locks and open transactions of sessions that do nothing. */
async function leftInDatabase(database: Database): Promise<string[]> {
  const rows = await database.rows<{ what: string }>(
    `SELECT format('%s %s since %s', a.state, l.locktype, a.state_change) AS what
     FROM pg_stat_activity a LEFT JOIN pg_locks l ON l.pid = a.pid AND l.locktype IN ('transactionid', 'tuple')
     WHERE a.datname = current_database() AND a.pid <> pg_backend_pid() AND a.state LIKE 'idle in transaction%'
       AND a.state_change < now() - interval '1 second'`,
  );
  return rows.map(({ what }) => what);
}
