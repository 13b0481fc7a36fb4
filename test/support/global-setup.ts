// Jest loads this file and what it imports as CommonJS, without the mapping of './x.js': it may import packages only.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

declare global {
  // A `var` is how a global is declared.
  var goldenpathDatabaseHost: ChildProcess | undefined;
}

/** Starts the PostgreSQL of this test run; the workers find it through GOLDENPATH_TEST_DATABASE. Two projects name this file: once is enough. */
export default async function globalSetup(): Promise<void> {
  process.env.TZ = 'UTC';
  if (globalThis.goldenpathDatabaseHost !== undefined) return;
  const support = join(process.cwd(), 'test', 'support');
  const host = spawn(
    process.execPath,
    [
      '--conditions=goldenpath-source',
      '--no-warnings',
      '--import',
      join(support, 'typescript.mjs'),
      join(support, 'database-host.ts'),
    ],
    { stdio: ['pipe', 'pipe', 'inherit'] },
  );
  globalThis.goldenpathDatabaseHost = host;
  const lines = createInterface({ input: host.stdout });
  const line = await Promise.race([once(lines, 'line'), once(host, 'exit').then(() => undefined)]);
  if (line === undefined) throw new Error('The PostgreSQL of the tests did not start; the reason is above.');
  process.env.GOLDENPATH_TEST_DATABASE = String(line[0]);
}
