/**
 * `npm run bench:imports -- --rows 1000000`: one CSV file of usage through the real server into PostgreSQL. Prints rows a second, CPU, the most
 * memory that the server took and how long others waited for it. `--row-bytes 1000` makes each row so much longer, `--prompts` gives each
 * a prompt and a prefix. BENCH_DATABASE_URL chooses the database; without it, the embedded one.
 */
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { describeMachine } from './machine.js';
import { percentile } from './percentile.js';
import { postgresCpuMs } from './postgres-cpu.js';
import { ServerProcess } from './server-process.js';
import { ServerWatch } from './server-watch.js';
import { goldenpathServer } from './servers-under-test.js';
import { UsageCsv, type UsageCsvOptions } from './usage-csv.js';
import { registerAt } from '../support/rest-user.js';
import { importUsage } from './usage-upload.js';

const say = (line: string): void => void process.stdout.write(`${line}\n`);

const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '1000000' },
    'row-bytes': { type: 'string', default: '0' },
    prompts: { type: 'boolean', default: false },
  },
});
await benchImports({
  rows: Number(values.rows),
  rowBytes: Number(values['row-bytes']),
  withPrompts: values.prompts,
});

async function benchImports(options: UsageCsvOptions): Promise<void> {
  const busyBefore = loadavg()[0] ?? 0;
  const folder = await mkdtemp(join(tmpdir(), 'goldenpath-imports-'));
  await chmod(folder, 0o755);
  const server = await ServerProcess.start(goldenpathServer(folder, process.env.BENCH_DATABASE_URL));
  try {
    const token = await registerAt(server.url, 'importer@example.com');
    const file = new UsageCsv(options);
    const before = await server.report(true);
    const postgresBefore = postgresCpuMs(folder);
    const watch = new ServerWatch(server);
    const { importMs, totalMs } = await importUsage(server.url, { token, file, rows: options.rows });
    const after = await server.report();
    const { peakBytes, answeredMs } = await watch.stop();
    const perSecond = (ms: number) => `${(ms / 1e3).toFixed(1)} s, ${Math.round((options.rows / ms) * 1e3)} rows/s`;
    const postgresAfter = postgresCpuMs(folder);
    const microseconds = (ms: number) => `${((ms / options.rows) * 1e3).toFixed(1)} µs a row`;
    say(`${new Date().toISOString().slice(0, 16)}Z, ${options.rows} rows, ${(file.bytes / 1e6).toFixed(0)} MB of CSV`);
    say(`import: ${perSecond(importMs)}`);
    say(`upload and import: ${perSecond(totalMs)}`);
    say(`CPU of the server, upload included: ${microseconds(after.cpuMs - before.cpuMs)}`);
    if (postgresBefore !== undefined && postgresAfter !== undefined)
      say(`CPU of PostgreSQL: ${microseconds(postgresAfter - postgresBefore)}`);
    say(`memory: ${mib(before.rssBytes)} MiB before, ${mib(peakBytes)} MiB at the most`);
    const waits = [0.5, 0.99, 1].map((share) => percentile(answeredMs, share).toFixed(0));
    say(`meanwhile /health/live answered in ${waits[0]} ms (p50), ${waits[1]} ms (p99), ${waits[2]} ms (at the most)`);
    say(describeMachine(busyBefore).join('\n'));
  } finally {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

function mib(bytes: number): string {
  return (bytes / 1024 ** 2).toFixed(0);
}
