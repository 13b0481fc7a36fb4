import { AppError } from '../errors/app-error.js';
import { appendStatement, type EventTransaction } from '../events/event-transaction.js';
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
  const event = {
    type: 'message_created',
    fields: {
      run_id: runId,
      message: {
        id: messageId,
        thread_id: threadId,
        role: 'user',
        text: submission.text,
        run_id: runId,
        created_at: now.toISOString(),
      },
    },
  };
  const statement = submission.threadId === undefined ? INTO_NEW_THREAD : INTO_THREAD;
  const append = { events: [event], statement, parameters: parameters(identity, stored) };
  const appended = isId(threadId) ? await transaction.appendAlongside(identity, threadId, append) : undefined;
  if (appended === undefined) throw new AppError('thread_not_found', 'There is no such thread.');
}

const parameters = (identity: Identity, stored: MessageToStore) => [
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

/** Runs are told apart by age: by the clock that all servers share, not by the server's own. */
const MESSAGE_AND_RUN = `
  , said AS (
    INSERT INTO message (user_id, id, tenant_id, thread_id, position, role, text, run_id, created_at)
    SELECT $3, $10, $2, t.id, t.message_count, 'user', $11, $9, $12 FROM touched t
  ), begun AS (
    INSERT INTO run (id, tenant_id, user_id, thread_id, message_id, session_id, request_id, connection_id, query, agent, metadata,
                     priority, state, dispatched, first_seq, created_at)
    SELECT $9, $2, $3, t.id, $10, $13, $14, $15, $11, $16, $17, $18, 'pending', $19, t.base + 1, clock_timestamp() FROM touched t
  )`;

const INTO_NEW_THREAD = appendStatement(`touched AS (
    INSERT INTO thread (id, tenant_id, user_id, title, message_count, last_seq, created_at, updated_at)
    VALUES ($1, $2, $3, $20, 1, cardinality($6::uuid[]), $12, $12)
    RETURNING id, message_count, 0 AS base
  )${MESSAGE_AND_RUN}`);

/** An unnamed thread gets its title from its first message. */
const INTO_THREAD = appendStatement(`touched AS (
    UPDATE thread SET message_count = message_count + 1, last_seq = last_seq + cardinality($6::uuid[]), updated_at = $12,
      title = CASE WHEN title = '' THEN $20 ELSE title END
    WHERE id = $1 AND tenant_id = $2 AND user_id = $3 AND deleted_at IS NULL
    RETURNING id, message_count, last_seq - cardinality($6::uuid[]) AS base
  )${MESSAGE_AND_RUN}`);
