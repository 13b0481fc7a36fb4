import { AppError } from '../errors/app-error.js';
import type { Sql, UserScope } from '../persistence/sql.js';
import { isId } from '../telemetry/ids.js';
import type { Submission } from './admission.js';

const TITLE_CHARACTERS = 80;

/** The thread that a message goes to: the one it names, or a new one. An unnamed thread gets its title from its first message. */
export async function threadForMessage(
  sql: Sql,
  scope: UserScope,
  { submission, now, newId }: { submission: Submission; now: Date; newId: string },
): Promise<string> {
  const title = titleOf(submission.text);
  if (submission.threadId === undefined) {
    await sql.execute(
      `INSERT INTO thread (id, tenant_id, user_id, title, message_count, created_at, updated_at) VALUES ($1, $2, $3, $4, 1, $5, $5)`,
      [newId, scope.tenantId, scope.userId, title, now],
    );
    return newId;
  }
  const touched = isId(submission.threadId)
    ? await sql.execute(
        `UPDATE thread SET message_count = message_count + 1, updated_at = $4, title = CASE WHEN title = '' THEN $5 ELSE title END
         WHERE id = $1 AND tenant_id = $2 AND user_id = $3 AND deleted_at IS NULL`,
        [submission.threadId, scope.tenantId, scope.userId, now, title],
      )
    : 0;
  if (touched === 0) throw new AppError('thread_not_found', 'There is no such thread.');
  return submission.threadId;
}

/** The first line, cut at a word where possible. */
function titleOf(text: string): string {
  const line = text.trim().split('\n', 1)[0]?.trim() ?? '';
  if (line.length <= TITLE_CHARACTERS) return line;
  const cut = line.slice(0, TITLE_CHARACTERS);
  const lastSpace = cut.lastIndexOf(' ');
  return `${lastSpace > TITLE_CHARACTERS / 2 ? cut.slice(0, lastSpace) : cut}…`;
}
