/**
 * `npm run bench`: Goldenpath and a bare `ws` server under the same clients, one after the other in one run. Prints a table; `-- --write`
 * also writes docs/benchmarks.md.
 */
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { readBenchOptions, type BenchOptions } from './bench-options.js';
import { createLoadUser } from './load-users.js';
import { describeMachine } from './machine.js';
import { measure, type Measurements } from './measurements.js';
import { recordRun, type RecordedRun } from './recorded-run.js';
import { resultsPage } from './results-page.js';
import { resultsTable } from './results-table.js';
import type { ServerProcess } from './server-process.js';
import { startBare, startGoldenpath } from './servers-under-test.js';

const say = (line: string): void => void process.stdout.write(`${line}\n`);

const options = readBenchOptions(process.argv.slice(2));
const busyBefore = loadavg()[0] ?? 0;
const folder = await mkdtemp(join(tmpdir(), 'goldenpath-bench-'));
// Started by root, PostgreSQL runs as another user, who has to get in.
await chmod(folder, 0o755);
try {
  const { goldenpath, recorded } = await measureGoldenpath(folder, options);
  const bare = await measureBare(folder, recorded, options);
  const table = resultsTable(goldenpath, bare);
  const machine = describeMachine(busyBefore);
  say(`\n${table}\n\n${machine.join('\n')}`);
  if (options.write) {
    const page = new URL('../../docs/benchmarks.md', import.meta.url);
    await writeFile(page, resultsPage({ table, machine, goldenpath, options, date: new Date() }));
    say('\nWritten to docs/benchmarks.md');
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}

async function measureGoldenpath(
  folder: string,
  options: BenchOptions,
): Promise<{ goldenpath: Measurements; recorded: RecordedRun }> {
  return withServer('Goldenpath', startGoldenpath(folder, options.databaseUrl), async (server) => {
    say(`  ${options.clients} users sign up and import their usage …`);
    const tokens: string[] = [];
    for (let index = 0; index < options.clients; index += 1)
      tokens.push((await createLoadUser(server.url, index)).token);
    const recorded = await recordRun(server.socketUrl, tokens[0] ?? '');
    say('  measuring …');
    return { goldenpath: await measure(server, tokens, options), recorded };
  });
}

async function measureBare(folder: string, recorded: RecordedRun, options: BenchOptions): Promise<Measurements> {
  const tokens = Array.from({ length: options.clients }, () => 'nobody');
  return withServer('bare ws', startBare(folder, recorded), (server) => {
    say('  measuring …');
    return measure(server, tokens, options);
  });
}

async function withServer<Result>(
  name: string,
  starting: Promise<ServerProcess>,
  work: (server: ServerProcess) => Promise<Result>,
): Promise<Result> {
  say(`${name} starts …`);
  const server = await starting;
  try {
    return await work(server);
  } finally {
    await server.stop();
  }
}
