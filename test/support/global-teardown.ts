import { once } from 'node:events';

/** Ends the process that holds the test run's PostgreSQL, and waits until nothing of it is left. */
export default async function globalTeardown(): Promise<void> {
  const host = globalThis.goldenpathDatabaseHost;
  globalThis.goldenpathDatabaseHost = undefined;
  if (host === undefined || host.exitCode !== null) return;
  const ended = once(host, 'exit');
  host.stdin?.end();
  await ended;
}
