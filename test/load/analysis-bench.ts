/**
 * `npm run bench:analysis`: “Analyze my AI costs” over ever more rows of usage, asked by one user through the real server. Prints the time to the
 * first event and to the answer, the CPU that the embedded PostgreSQL took for it, and whether the time grows faster than the rows.
 * `--rows 250000,500000,1000000` chooses how many, `--runs 3` how often each is asked, `--without-prompts` leaves prompts and prefixes out. BENCH_DATABASE_URL chooses the database; without it, the embedded one.
 */
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { checked, WHOLE_ANALYSIS } from './closed-loop.js';
import { LoadClient } from './load-client.js';
import { describeMachine } from './machine.js';
import { percentile } from './percentile.js';
import { postgresCpuMs } from './postgres-cpu.js';
import { ServerProcess } from './server-process.js';
import { goldenpathServer } from './servers-under-test.js';
import { UsageCsv } from './usage-csv.js';
import { registerAt } from '../support/rest-user.js';
import { importUsage } from './usage-upload.js';

const say = (line: string): void => void process.stdout.write(`${line}\n`);

const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '250000,500000,1000000' },
    runs: { type: 'string', default: '3' },
    'without-prompts': { type: 'boolean', default: false },
  },
});
const withPrompts = !values['without-prompts'];
await benchAnalysis(values.rows.split(',').map(Number), Number(values.runs));

async function benchAnalysis(sizes: readonly number[], runs: number): Promise<void> {
  const busyBefore = loadavg()[0] ?? 0;
  const folder = await mkdtemp(join(tmpdir(), 'goldenpath-analysis-'));
  await chmod(folder, 0o755);
  const server = await ServerProcess.start(goldenpathServer(folder, process.env.BENCH_DATABASE_URL));
  try {
    say(
      `${new Date().toISOString().slice(0, 16)}Z, “${WHOLE_ANALYSIS}”, each asked ${runs} times, rows ${withPrompts ? 'with' : 'without'} prompts`,
    );
    let smallest: { rows: number; ms: number } | undefined;
    for (const rows of sizes) {
      const ms = await measure(server, { rows, runs, folder });
      smallest ??= { rows, ms };
      const growth = ms / smallest.ms / (rows / smallest.rows);
      if (rows !== smallest.rows)
        say(`  time for a row: ${(growth * 100).toFixed(0)} % of that with ${smallest.rows} rows`);
    }
    say(describeMachine(busyBefore).join('\n'));
  } finally {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

interface Measured {
  readonly rows: number;
  readonly runs: number;
  /** Holds the data of the embedded PostgreSQL. */
  readonly folder: string;
}

/** A tenant with so many rows; answers the median time to the answer. */
async function measure(server: ServerProcess, { rows, runs, folder }: Measured): Promise<number> {
  const token = await registerAt(server.url, `rows-${rows}@example.com`);
  const file = new UsageCsv({ rows, withPrompts });
  const { importMs } = await importUsage(server.url, { token, file, rows });
  const client = await LoadClient.open(server.socketUrl, token);
  const started: number[] = [];
  const finished: number[] = [];
  const cpuBefore = postgresCpuMs(folder);
  for (let run = 0; run < runs; run += 1) {
    const answer = checked(await client.ask(WHOLE_ANALYSIS));
    started.push(answer.startedMs);
    finished.push(answer.finishedMs);
  }
  const cpuAfter = postgresCpuMs(folder);
  await client.close();
  const seconds = (ms: number) => (ms / 1_000).toFixed(2);
  const median = percentile(finished, 0.5);
  say(
    `${rows} rows (imported in ${seconds(importMs)} s): answer after ${seconds(median)} s (median), ${seconds(Math.max(...finished))} s (at the most); first event after ${Math.max(...started).toFixed(0)} ms (at the most)`,
  );
  if (cpuBefore !== undefined && cpuAfter !== undefined)
    say(`  CPU of the embedded PostgreSQL: ${seconds((cpuAfter - cpuBefore) / runs)} s an answer (mean)`);
  return median;
}
