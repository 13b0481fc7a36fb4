import { setTimeout as delay } from 'node:timers/promises';
import pg, { type Pool, type PoolClient, type QueryConfig, type QueryResult } from 'pg';

/** PostgreSQL ignores a cancellation that comes before it has read the statement: it is asked again after so long. */
const ASK_AGAIN_MS = 100;

interface AbortableStatement extends QueryConfig {
  /** Statements that hold for this one alone. */
  readonly settings?: string | undefined;
}

/**
 * Runs one statement of a pool until the signal aborts. Then the statement is cancelled in PostgreSQL, over a second
 * connection, and this rejects with the signal's reason once it is over: nobody waits for a result that nobody wants.
 */
export async function runUntilAborted(
  pool: Pool,
  { settings, ...statement }: AbortableStatement,
  signal: AbortSignal,
): Promise<QueryResult> {
  signal.throwIfAborted();
  const client = await pool.connect();
  const over = new AbortController();
  let cancelling: Promise<Cancelled> | undefined;
  const onAbort = (): void => {
    cancelling = cancelStatement(pool, client, over.signal);
  };
  // A connection that is lost says so by an event, too; the statement fails anyway.
  client.on('error', ignore);
  try {
    signal.throwIfAborted();
    signal.addEventListener('abort', onAbort, { once: true });
    if (settings === undefined) return await client.query(statement);
    await client.query(`BEGIN READ ONLY; ${settings}`);
    return await client.query(statement);
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    over.abort(OVER);
    signal.removeEventListener('abort', onAbort);
    // A cancellation that is still on its way must not hit the statement of whoever has the connection next.
    const isTaken = (await cancelling) === 'closed';
    const isBroken = settings !== undefined && !isTaken && !(await leaveTransaction(client));
    client.off('error', ignore);
    if (!isTaken) client.release(isBroken);
  }
}

/** Made once: without a reason each statement would make an error, with its stack. */
const OVER = new Error('the statement is over');

/** Nothing was written. A connection that can't leave its transaction must not serve the next one. */
const leaveTransaction = (client: PoolClient): Promise<boolean> =>
  client.query('ROLLBACK').then(
    () => true,
    () => false,
  );

/** How a statement was ended: by PostgreSQL, or, when it could not be asked, by closing the connection. */
type Cancelled = 'asked' | 'closed';

async function cancelStatement(pool: Pool, running: PoolClient, over: AbortSignal): Promise<Cancelled> {
  const client = new pg.Client(pool.options);
  client.on('error', ignore);
  try {
    await client.connect();
    while (!over.aborted) {
      await client.query('SELECT pg_cancel_backend($1)', [processIdOf(running)]);
      await delay(ASK_AGAIN_MS, undefined, { signal: over }).catch(ignore);
    }
    return 'asked';
  } catch (error) {
    running.release(error instanceof Error ? error : true);
    return 'closed';
  } finally {
    await client.end().catch(ignore);
  }
}

/** The number of the session's server process, which the typings don't know. */
function processIdOf(client: PoolClient): number {
  const processId: unknown = Reflect.get(client, 'processID');
  if (typeof processId !== 'number') throw new Error('the session has no process');
  return processId;
}

const ignore = (): void => undefined;
