/**
 * `npm run bench:slow-readers`: 1,000 stalled readers beside 100 fast ones. `-- --stalled 1000 --fast 100 --users 10 --rounds 3 --events 250`.
 * SLOW_READERS_DATABASE_URL names an empty, migrated database; without it the server brings its own. What the kernel holds for a stalled
 * reader (up to 4 MB with Linux' defaults) has to be filled first, and counts as the machine's memory, not the server's. The exit code is 1
 * where the stalled ones slow the others down or cost too much memory (slow-readers-verdict.ts), in the median of the rounds.
 */
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { measuredServer } from '../support/measured-server.js';
import { ServerProcess } from './server-process.js';
import { measureSlowReaders, type SlowReaderOptions } from './slow-readers.js';
import { median, slowReaderFailures } from './slow-readers-verdict.js';

/** A quiet machine differs by so much from one round to the next. */
const SLACK_MS = 5;
const MEGABYTE = 1024 * 1024;
const say = (line: string): void => void process.stdout.write(`${line}\n`);

try {
  await run(readOptions(process.argv.slice(2)));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}

function readOptions(parameters: readonly string[]): SlowReaderOptions {
  const { values } = parseArgs({
    args: [...parameters],
    options: {
      stalled: { type: 'string', default: '1000' },
      fast: { type: 'string', default: '100' },
      users: { type: 'string', default: '10' },
      rounds: { type: 'string', default: '3' },
      events: { type: 'string', default: '250' },
    },
  });
  const { stalled, fast, users, rounds, events } = values;
  return {
    stalled: Number(stalled),
    fast: Number(fast),
    users: Number(users),
    rounds: Number(rounds),
    // Before several of them were done, the stalled readers would be given up.
    measurements: 1,
    eventsPerMeasurement: Number(events),
  };
}

async function run(options: SlowReaderOptions): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'goldenpath-slow-'));
  // Started by root, PostgreSQL runs as another user, who has to get in.
  await chmod(folder, 0o755);
  const databaseUrl = process.env.SLOW_READERS_DATABASE_URL ?? '';
  const environment = { DATA_DIR: join(folder, 'data') };
  const entry = '../support/scripted-main.ts';
  const server = await ServerProcess.start(measuredServer({ databaseUrl, folder, entry, environment }));
  try {
    const result = await measureSlowReaders(server, options);
    const [without, beside] = [median(result.p99WithoutMs), median(result.p99WithMs)];
    const [heapBytes, rssBytes] = [median(result.heapGrowthBytes), median(result.rssGrowthBytes)];
    say(`p99 without, each round: ${result.p99WithoutMs.join(', ')} ms; with: ${result.p99WithMs.join(', ')} ms`);
    say(
      `load average ${loadavg()
        .map((load) => load.toFixed(1))
        .join(' ')}`,
    );
    say(
      `${options.stalled} stalled beside ${options.fast} fast readers: p99 ${without} ms without, ${beside} ms with (× ${(beside / without).toFixed(2)}); ` +
        `server heap + ${(heapBytes / MEGABYTE).toFixed(1)} MB, RSS + ${(rssBytes / MEGABYTE).toFixed(1)} MB, ` +
        `${(result.bufferedBytesPerReader / 1024).toFixed(0)} KiB buffered a reader; ${result.givenUp} given up after ${(result.givenUpAfterMs / 1_000).toFixed(0)} s`,
    );
    const failures = slowReaderFailures(result, SLACK_MS);
    for (const failure of failures) say(`failed: ${failure}`);
    if (failures.length > 0) process.exitCode = 1;
  } finally {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  }
}
