import { setTimeout as pause } from 'node:timers/promises';
import type { Client } from 'pg';
import { ADVISORY_LOCK_CLASS, ADVISORY_LOCKS } from '../advisory-locks.js';

/** After kill -9 of the owner its session lives until PostgreSQL reads the end of the connection. */
const PATIENCE_MS = 2_000;
const POLL_INTERVAL_MS = 50;

/**
 * Makes this session the owner of the embedded database. PostgreSQL lets go of the lock when the session ends, however its process ends,
 * so it is never left over. False: another server has it.
 */
export async function takeOwnership(session: Client): Promise<boolean> {
  const deadline = AbortSignal.timeout(PATIENCE_MS);
  while (!(await tryLock(session))) {
    if (deadline.aborted) return false;
    await pause(POLL_INTERVAL_MS);
  }
  return true;
}

async function tryLock(session: Client): Promise<boolean> {
  const { rows } = await session.query<{ taken: boolean }>('SELECT pg_try_advisory_lock($1, $2) AS taken', [
    ADVISORY_LOCK_CLASS,
    ADVISORY_LOCKS.owner,
  ]);
  return rows[0]?.taken === true;
}
