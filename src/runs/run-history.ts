import type { HistoryMessage } from '../agents/agent-task.js';
import type { Sql } from '../persistence/sql.js';
import type { RunRow } from './run-row.js';

const FIRST_SEQ = 1;
const MESSAGES_MAX = 20;
const CHARACTERS_MAX = 4_000;

/** What was said in the thread before the run's message, oldest first, bounded. Uses message_thread. */
export async function historyBefore(sql: Sql, run: RunRow): Promise<HistoryMessage[]> {
  // The message opened its thread.
  if (run.firstSeq === FIRST_SEQ) return [];
  const rows = await sql.rows<{ role: 'user' | 'assistant'; text: string }>(
    `SELECT role, left(text, $5) AS text FROM message
     WHERE thread_id = $1 AND tenant_id = $2 AND user_id = $3
       AND position < (SELECT position FROM message WHERE user_id = $3 AND id = $4)
     ORDER BY position DESC LIMIT ${MESSAGES_MAX}`,
    [run.threadId, run.tenantId, run.userId, run.messageId, CHARACTERS_MAX],
  );
  return rows.reverse();
}
