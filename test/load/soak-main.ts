/**
 * `npm run soak`: whether the memory of a server stays flat under load from clients that come and go. Looks at it five times,
 * after a full collection, in one minute; `-- --minutes 5` looks each minute. `--users 30`. `--planted-leak 64`: the server keeps so many KiB
 * of each visit, to show that this would be noticed. TEST_DATABASE_URL as for the tests.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createTestDatabase } from '../support/database.js';
import globalSetup from '../support/global-setup.js';
import globalTeardown from '../support/global-teardown.js';
import { measuredServer } from '../support/measured-server.js';
import { ServerProcess } from './server-process.js';
import { growths, soak } from './soak.js';

const STEPS = 5;
/** What differs between two looks under load: runs in the middle, and what V8 keeps of its own. */
const ALLOWED_MIB = { rssMib: 32, heapMib: 8 };
const MINUTE_MS = 60_000;
const count = (name: string, text: string): number => {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1)
    throw new Error(`--${name} must be a whole number from 1 up, not ${text}.`);
  return value;
};
const say = (line: string): void => void process.stdout.write(`${line}\n`);

try {
  await run(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}

async function run(parameters: readonly string[]): Promise<void> {
  const options = {
    minutes: { type: 'string', default: '1' },
    users: { type: 'string', default: '30' },
    'planted-leak': { type: 'string' },
  } as const;
  const { values } = parseArgs({ args: [...parameters], options });
  await globalSetup();
  const store = await createTestDatabase();
  const folder = await mkdtemp(join(tmpdir(), 'goldenpath-soak-'));
  const entry = '../support/scripted-main.ts';
  const server = await ServerProcess.start(measuredServer({ databaseUrl: store.url, folder, entry }));
  try {
    const leak = values['planted-leak'];
    const kib = leak === undefined ? undefined : count('planted-leak', leak);
    const size = {
      extra: kib === undefined ? undefined : () => plantLeak(server.url, kib),
      users: count('users', values.users),
      steps: STEPS,
      stepMs: (count('minutes', values.minutes) * MINUTE_MS) / STEPS,
    };
    const marks = await soak(server, size, ({ atMs, runs, connections, rssMib, heapMib }) => {
      const seconds = (atMs / 1_000).toFixed(0).padStart(4);
      say(
        `${seconds} s: ${runs} runs over ${connections} connections, heap ${heapMib.toFixed(1)} MiB, resident ${rssMib.toFixed(1)} MiB`,
      );
    });
    const grown = growths(marks, ALLOWED_MIB);
    for (const growth of grown) say(growth);
    const loads = loadavg().map((load) => load.toFixed(1));
    say(`${grown.length === 0 ? 'flat' : 'not flat'}; load average ${loads.join(' ')}`);
    if (grown.length > 0) process.exitCode = 1;
  } finally {
    await server.stop();
    await store.drop();
    await rm(folder, { recursive: true, force: true });
    await globalTeardown();
  }
}

async function plantLeak(url: string, kib: number): Promise<void> {
  await fetch(`${url}/test/leak?kib=${kib}`, { method: 'POST' });
}
