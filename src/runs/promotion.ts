import type { Sql, UserScope } from '../persistence/sql.js';

/** A run that may go into the queue now. */
export interface Dispatch {
  readonly runId: string;
  readonly priority: number;
}

/**
 * Lets waiting runs of a user into the queue, as many as the user may have at once, the oldest first of the highest
 * priority, never two of one thread. The caller holds the user's row (lockUser) and adds the jobs after its commit.
 * Uses run_unfinished.
 */
export async function promote(sql: Sql, scope: UserScope, concurrentRuns: number): Promise<Dispatch[]> {
  const rows = await sql.rows<{ id: string; priority: number }>(
    `WITH unfinished AS (
       SELECT id, thread_id, dispatched, priority, created_at FROM run
       WHERE user_id = $1 AND tenant_id = $2 AND state IN ('pending','starting','running','completing')
     ), next AS (
       SELECT DISTINCT ON (thread_id) id, priority, created_at FROM unfinished w
       WHERE NOT dispatched AND NOT EXISTS (SELECT 1 FROM unfinished d WHERE d.dispatched AND d.thread_id = w.thread_id)
       ORDER BY thread_id, priority, created_at, id
     )
     UPDATE run SET dispatched = true
     WHERE id IN (
       SELECT id FROM next ORDER BY priority, created_at, id
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
