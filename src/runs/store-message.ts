import type { EventTransaction } from '../events/event-transaction.js';
import type { Identity } from '../auth/identity.js';
import type { Submission } from './admission.js';

export interface MessageToStore {
  readonly submission: Submission;
  readonly threadId: string;
  readonly runId: string;
  readonly messageId: string;
  readonly now: Date;
  readonly priority: number;
}

/** Writes the user's message, its run (pending) and message_created, the first event of the run. */
export async function storeMessage(
  transaction: EventTransaction,
  identity: Identity,
  stored: MessageToStore,
): Promise<void> {
  const { submission, threadId, runId, messageId, now } = stored;
  const firstSeq = await transaction.appendThreadEvent(identity, threadId, {
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
  await transaction.execute(INSERT_MESSAGE_AND_RUN, [
    threadId,
    identity.userId,
    identity.tenantId,
    runId,
    messageId,
    submission.text,
    now,
    identity.sessionId,
    submission.requestId,
    submission.connectionId ?? null,
    submission.agent ?? null,
    submission.metadata === undefined ? null : JSON.stringify(submission.metadata),
    stored.priority,
    firstSeq ?? 0,
  ]);
}

const INSERT_MESSAGE_AND_RUN = `WITH said AS (
     INSERT INTO message (user_id, id, tenant_id, thread_id, position, role, text, run_id, created_at)
     SELECT $2, $5, $3, $1, t.message_count, 'user', $6, $4, $7 FROM thread t WHERE t.id = $1
   )
   INSERT INTO run (id, tenant_id, user_id, thread_id, message_id, session_id, request_id, connection_id, query, agent, metadata,
                    priority, state, first_seq, created_at)
   VALUES ($4, $3, $2, $1, $5, $8, $9, $10, $6, $11, $12, $13, 'pending', $14, $7)`;
