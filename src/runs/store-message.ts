import { AppError } from '../errors/app-error.js';
import type { EventTransaction } from '../events/event-transaction.js';
import type { Identity } from '../auth/identity.js';
import { isId } from '../telemetry/ids.js';
import type { Submission } from './admission.js';
import { titleOf } from './thread-title.js';

export interface MessageToStore {
  readonly submission: Submission;
  /** The thread that the submission names, or the id of a new one. */
  readonly threadId: string;
  readonly runId: string;
  readonly messageId: string;
  readonly now: Date;
  readonly priority: number;
  /** The run goes into the queue when this is committed. */
  readonly isDispatched: boolean;
}

/**
 * Writes the user's message into its thread (a new one where it names none), its run (pending) and message_created, the
 * first event of the run. Throws thread_not_found, the same for an unknown, deleted or foreign thread.
 */
export async function storeMessage(
  transaction: EventTransaction,
  identity: Identity,
  stored: MessageToStore,
): Promise<void> {
  const { submission, threadId, runId, messageId, now } = stored;
  const statement = submission.threadId === undefined ? INTO_NEW_THREAD : INTO_THREAD;
  const touched = isId(threadId) ? await transaction.execute(statement, parameters(identity, stored)) : 0;
  if (touched === 0) throw new AppError('thread_not_found', 'There is no such thread.');
  await transaction.appendThreadEvent(identity, threadId, {
    type: 'message_created',
    run_id: runId,
    fields: {
      message: {
        id: messageId,
        thread_id: threadId,
        role: 'user',
        text: submission.text,
        run_id: runId,
        created_at: now.toISOString(),
      },
    },
  });
}

const parameters = (identity: Identity, stored: MessageToStore) => [
  stored.threadId,
  identity.userId,
  identity.tenantId,
  stored.runId,
  stored.messageId,
  stored.submission.text,
  stored.now,
  identity.sessionId,
  stored.submission.requestId,
  stored.submission.connectionId ?? null,
  stored.submission.agent ?? null,
  stored.submission.metadata === undefined ? null : JSON.stringify(stored.submission.metadata),
  stored.priority,
  stored.isDispatched,
  titleOf(stored.submission.text),
];

/**
 * The thread's row stays locked until message_created is appended, so that its seq is the thread's next one. Runs are told
 * apart by age: by the clock that all servers share, not by the server's own.
 */
const MESSAGE_AND_RUN = `
  , said AS (
    INSERT INTO message (user_id, id, tenant_id, thread_id, position, role, text, run_id, created_at)
    SELECT $2, $5, $3, t.id, t.message_count, 'user', $6, $4, $7 FROM touched t
  )
  INSERT INTO run (id, tenant_id, user_id, thread_id, message_id, session_id, request_id, connection_id, query, agent, metadata,
                   priority, state, dispatched, first_seq, created_at)
  SELECT $4, $3, $2, t.id, $5, $8, $9, $10, $6, $11, $12, $13, 'pending', $14, t.last_seq + 1, clock_timestamp() FROM touched t`;

const INTO_NEW_THREAD = `
  WITH touched AS (
    INSERT INTO thread (id, tenant_id, user_id, title, message_count, created_at, updated_at) VALUES ($1, $3, $2, $15, 1, $7, $7)
    RETURNING id, message_count, last_seq
  )${MESSAGE_AND_RUN}`;

/** An unnamed thread gets its title from its first message. */
const INTO_THREAD = `
  WITH touched AS (
    UPDATE thread SET message_count = message_count + 1, updated_at = $7, title = CASE WHEN title = '' THEN $15 ELSE title END
    WHERE id = $1 AND tenant_id = $3 AND user_id = $2 AND deleted_at IS NULL
    RETURNING id, message_count, last_seq
  )${MESSAGE_AND_RUN}`;
