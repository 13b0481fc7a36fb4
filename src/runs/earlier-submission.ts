import type { RunState } from '@goldenpath/protocol';
import { AppError } from '../errors/app-error.js';
import type { Sql, UserScope } from '../persistence/sql.js';
import type { Accepted, Submission } from './admission.js';

/**
 * The answer to the same message_id sent before, if there was one ([RN2]). Throws message_id_conflict when the text is
 * another one. Uses message_pkey.
 */
export async function earlierSubmission(
  sql: Sql,
  scope: UserScope,
  submission: Submission,
): Promise<Accepted | undefined> {
  if (submission.messageId === undefined) return undefined;
  const row = await sql.row<{
    thread_id: string;
    run_id: string | null;
    role: string;
    text: string;
    state: RunState | null;
  }>(
    `SELECT m.thread_id, m.run_id, m.role, m.text, r.state
     FROM message m LEFT JOIN run r ON r.id = m.run_id
     WHERE m.user_id = $1 AND m.tenant_id = $2 AND m.id = $3`,
    [scope.userId, scope.tenantId, submission.messageId],
  );
  if (row === undefined) return undefined;
  if (row.role !== 'user' || row.text !== submission.text || row.run_id === null || row.state === null) {
    throw new AppError('message_id_conflict', 'This message_id was used for another message.', {
      details: { message_id: submission.messageId },
    });
  }
  return {
    threadId: row.thread_id,
    messageId: submission.messageId,
    runId: row.run_id,
    state: row.state,
    duplicate: true,
  };
}
