import pg from 'pg';
import type { DataSource } from 'typeorm';
import { ADVISORY_LOCK_CLASS, ADVISORY_LOCKS } from './advisory-locks.js';
import { migrationSource } from './data-source.js';

/**
 * Runs the migrations that are missing and answers their names. Replicas that start at once wait for each other: the first one migrates, the
 * others find nothing to do. Throws lock_not_available (55P03) where a table is in use: what is done by then stays, and can be gone on from.
 */
export async function migrate(url: string): Promise<string[]> {
  return withMigrationSource(url, async (source) => (await source.runMigrations()).map(({ name }) => name));
}

/** Takes all migrations back, newest first: the database is empty afterwards. */
export async function revertAll(url: string): Promise<void> {
  await withMigrationSource(url, async (source) => {
    for (let left = source.migrations.length; left > 0; left -= 1) await source.undoLastMigration();
  });
}

async function withMigrationSource<Result>(
  url: string,
  work: (source: DataSource) => Promise<Result>,
): Promise<Result> {
  // A session of its own: an advisory lock belongs to a session, and the limits of the pool's sessions would end the wait for it.
  const lock = new pg.Client({ connectionString: url, application_name: 'goldenpath-migrations', keepAlive: true });
  lock.on('error', () => undefined);
  const source = migrationSource(url);
  try {
    await lock.connect();
    await lock.query('SELECT pg_advisory_lock($1, $2)', [ADVISORY_LOCK_CLASS, ADVISORY_LOCKS.migrations]);
    await source.initialize();
    return await work(source);
  } finally {
    if (source.isInitialized) await source.destroy();
    await lock.end().catch(() => undefined);
  }
}
