import { join } from 'node:path';
import type { Database } from '../../src/persistence/database.js';
import { EmbeddedServer } from '../../src/persistence/embedded/embedded-server.js';
import { Logger } from '../../src/telemetry/logger.js';
import { openDatabase } from '../support/database.js';

/** The database of the server under test, while that server does not run: the embedded one in `folder`, or the given one. */
export async function withLogDatabase<Result>(
  folder: string,
  databaseUrl: string | undefined,
  use: (database: Database) => Promise<Result>,
): Promise<Result> {
  const embedded =
    databaseUrl === undefined ? new EmbeddedServer(join(folder, 'data'), new Logger('silent')) : undefined;
  try {
    const open = await openDatabase((await embedded?.start()) ?? databaseUrl ?? '');
    return await use(open.database).finally(() => open.close());
  } finally {
    await embedded?.stop();
  }
}
