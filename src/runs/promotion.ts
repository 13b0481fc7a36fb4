import type { Sql, UserScope } from '../persistence/sql.js';

/** A run that may go into the queue now. */
export interface Dispatch {
  readonly runId: string;
  readonly priority: number;
}

/** A run that has waited for so long counts one priority more, so that low ones are never starved ([RN9]). */
const AGEING_S = 30;

/** The priority that counts, of a row of `run`. What seems to come from the future is from before the database's clock was set back. */
export const AGED_PRIORITY = `priority - floor(greatest(0, extract(epoch FROM now() - created_at)) / ${AGEING_S})`;

/**
 * Lets waiting runs of a user into the queue, as many as the user may have at once, by priority and age, those of a
 * thread in their order and never two at once. The caller holds the user's row (lockUser) and adds the jobs after its commit.
 * Uses run_unfinished.
 */
export async function promote(sql: Sql, scope: UserScope, concurrentRuns: number): Promise<Dispatch[]> {
  const rows = await sql.rows<{ id: string; priority: number }>(
    `WITH unfinished AS (
       SELECT id, thread_id, first_seq, dispatched, priority, created_at FROM run
       WHERE user_id = $1 AND tenant_id = $2 AND state IN ('pending','starting','running','completing')
     ), next AS (
       SELECT DISTINCT ON (thread_id) id, created_at, ${AGED_PRIORITY} AS aged
       FROM unfinished w
       WHERE NOT dispatched AND NOT EXISTS (SELECT 1 FROM unfinished d WHERE d.dispatched AND d.thread_id = w.thread_id)
       ORDER BY thread_id, first_seq
     )
     UPDATE run SET dispatched = true
     WHERE id IN (
       SELECT id FROM next ORDER BY aged, created_at, id
       LIMIT greatest(0, $3 - (SELECT count(*) FROM unfinished WHERE dispatched))
     )
     RETURNING id, priority`,
    [scope.userId, scope.tenantId, concurrentRuns],
  );
  return rows.map(({ id, priority }) => ({ runId: id, priority }));
}

/** Takes the user's row: what counts or promotes a user's runs does so one after the other. First lock of its transaction. */
export async function lockUser(sql: Sql, scope: UserScope): Promise<boolean> {
  return (
    (await sql.execute(`SELECT 1 FROM user_account WHERE id = $1 AND tenant_id = $2 FOR NO KEY UPDATE`, [
      scope.userId,
      scope.tenantId,
    ])) === 1
  );
}
