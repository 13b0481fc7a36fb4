/** `npm run leaks`: 200 cycles of 50 users, each connects, runs and disconnects. `-- --cycles 200 --users 50`. TEST_DATABASE_URL as for the tests. */
import { mkdtemp, rm } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createTestDatabase, openDatabase } from '../support/database.js';
import globalSetup from '../support/global-setup.js';
import globalTeardown from '../support/global-teardown.js';
import { measuredServer } from '../support/measured-server.js';
import { findLeaks, HEAP_BYTES_PER_RUN_MAX } from './leaks.js';
import { ServerProcess } from './server-process.js';

/** More than the five minutes of the monitor's window. */
const SETTLE_MS = 6.5 * 60_000;

const say = (line: string): void => void process.stdout.write(`${line}\n`);

try {
  await run(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}

async function run(parameters: readonly string[]): Promise<void> {
  const options = { cycles: { type: 'string', default: '200' }, users: { type: 'string', default: '50' } } as const;
  const { values } = parseArgs({ args: [...parameters], options });
  await globalSetup();
  const store = await createTestDatabase();
  const opened = await openDatabase(store.url);
  const folder = await mkdtemp(join(tmpdir(), 'goldenpath-leaks-'));
  const entry = '../support/scripted-main.ts';
  const server = await ServerProcess.start(measuredServer({ databaseUrl: store.url, folder, entry }));
  try {
    const size = { cycles: Number(values.cycles), users: Number(values.users) };
    const { runs, leaks, heapBytesPerRun } = await findLeaks(server, opened.database, {
      ...size,
      folder,
      settleMs: SETTLE_MS,
      seedName: 'user',
    });
    say(
      `load average ${loadavg()
        .map((load) => load.toFixed(1))
        .join(' ')}`,
    );
    for (const leak of leaks) say(leak);
    say(`${runs} runs of ${size.users} users: ${leaks.length} leaks, heap ${heapBytesPerRun.toFixed(0)} bytes a run`);
    if (leaks.length > 0 || heapBytesPerRun > HEAP_BYTES_PER_RUN_MAX) process.exitCode = 1;
  } finally {
    await server.stop();
    await opened.close();
    await store.drop();
    await rm(folder, { recursive: true, force: true });
    await globalTeardown();
  }
}
