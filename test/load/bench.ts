/**
 * `npm run bench`: Goldenpath and a bare `ws` server under the same clients, one after the other in one run. Prints a table; `-- --write`
 * also writes docs/benchmarks.md, `-- --gate` exits with 1 when a target is missed (a busy machine misses some).
 */
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { readBenchOptions, type BenchOptions } from './bench-options.js';
import { createLoadUser, type LoadUser } from './load-users.js';
import { measureLog, type LogMeasurements } from './log-measurements.js';
import { describeMachine } from './machine.js';
import { measure, type Measurements } from './measurements.js';
import { recordRun, type RecordedRun } from './recorded-run.js';
import { resultsPage } from './results-page.js';
import { missedTargets, resultsTable } from './results-table.js';
import type { ServerProcess } from './server-process.js';
import { bareServer, goldenpathServer } from './servers-under-test.js';

/** It does the same thing over and over, so that less time tells as much. */
const BARE_TIMES = { warmUpMs: 2_000, measureMs: 5_000 };

const say = (line: string): void => void process.stdout.write(`${line}\n`);

try {
  await bench(readBenchOptions(process.argv.slice(2)));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}

async function bench(options: BenchOptions): Promise<void> {
  const busyBefore = loadavg()[0] ?? 0;
  const folder = await mkdtemp(join(tmpdir(), 'goldenpath-bench-'));
  // Started by root, PostgreSQL runs as another user, who has to get in.
  await chmod(folder, 0o755);
  try {
    const { goldenpath, log, recorded } = await measureGoldenpath(folder, options);
    const bare = await measureBare(folder, recorded, options);
    const table = resultsTable({ ...goldenpath, log }, bare);
    const machine = describeMachine(busyBefore);
    say(`\n${table}\n\n${machine.join('\n')}`);
    const missed = missedTargets({ ...goldenpath, log });
    say(missed.length === 0 ? '\nEvery target is met.' : `\nMissed:\n${missed.map((line) => `- ${line}`).join('\n')}`);
    if (options.gate && missed.length > 0) process.exitCode = 1;
    if (!options.write) return;
    const page = new URL('../../docs/benchmarks.md', import.meta.url);
    await writeFile(page, resultsPage({ table, machine, goldenpath, options, date: new Date() }));
    say('\nWritten to docs/benchmarks.md');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function measureGoldenpath(
  folder: string,
  options: BenchOptions,
): Promise<{ goldenpath: Measurements; log: LogMeasurements; recorded: RecordedRun }> {
  const users: LoadUser[] = [];
  let recorded: RecordedRun | undefined;
  const prepare = async (server: ServerProcess): Promise<string[]> => {
    say(`  ${options.clients} users sign up and import their usage …`);
    while (users.length < options.clients) users.push(await createLoadUser(server.url, users.length));
    recorded = await recordRun(server.socketUrl, users[0]?.token ?? '');
    say('  measuring …');
    return users.map(({ token }) => token);
  };
  say('Goldenpath');
  const server = goldenpathServer(folder, options.databaseUrl);
  const goldenpath = await measure(server, options, prepare);
  say(`  storing ${options.storedEvents} events …`);
  const log = await measureLog(server, users, { folder, options });
  if (recorded === undefined) throw new Error('no run was recorded');
  return { goldenpath, log, recorded };
}

async function measureBare(folder: string, recorded: RecordedRun, options: BenchOptions): Promise<Measurements> {
  say('bare ws\n  measuring …');
  const nobody = Array.from({ length: options.clients }, () => 'nobody');
  return measure(await bareServer(folder, recorded), { ...options, ...BARE_TIMES }, () => Promise.resolve(nobody));
}
