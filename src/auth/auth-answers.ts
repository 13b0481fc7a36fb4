import { z } from 'zod';
import type { Account } from './accounts.js';
import { ROLES } from './identity.js';
import type { Session } from './sessions.js';
import type { RecoverableSession } from './stored-progress.js';
import type { SignedIn } from './sign-in.js';
import type { Ticket } from './tickets.js';

/** What the auth routes answer, as rest.md has it. The schemas describe them in the OpenAPI document. */
const timestamp = z.string().meta({ format: 'date-time' });

export const userAnswer = z.object({
  id: z.uuid(),
  email: z.string(),
  name: z.string().nullable(),
  tenant_id: z.uuid(),
  roles: z.array(z.enum(ROLES)),
});

export const tokensAnswer = z.object({
  user: userAnswer,
  access_token: z.string().meta({ description: 'JWT, for Authorization: Bearer.' }),
  refresh_token: z.string().meta({ description: 'Works once.' }),
  token_type: z.literal('Bearer'),
  expires_in: z.int().meta({ description: 'Seconds that the access token lives.' }),
});

export const ticketAnswer = z.object({
  ticket: z.string().meta({ description: 'Works once, for ?ticket= of /ws.' }),
  expires_in: z.int().meta({ description: 'Seconds.' }),
});

/** A device goes on with `subscribe {threads: [{thread_id, after_seq: acked_seq}]}`. */
const sessionRecovery = z.object({
  disconnected_at: timestamp.nullable().meta({ description: 'When the last connection ended; null: one is open.' }),
  recoverable_until: timestamp,
  follows_all: z.boolean(),
  threads: z.array(
    z.object({
      thread_id: z.uuid(),
      acked_seq: z.int().nullable().meta({ description: 'Null: followed, nothing acknowledged.' }),
      last_seq: z.int(),
    }),
  ),
});

export const sessionAnswer = z.object({
  id: z.uuid(),
  user_agent: z.string().nullable(),
  created_at: timestamp,
  last_used_at: timestamp,
  expires_at: timestamp,
  current: z.boolean().meta({ description: 'The session of this very token.' }),
  recovery: sessionRecovery
    .nullable()
    .meta({ description: 'What to go on from; null when nothing was followed in 24 hours.' }),
});

export const sessionsAnswer = z.object({ data: z.array(sessionAnswer), next_cursor: z.string().nullable() });

export const keySetAnswer = z.object({ keys: z.array(z.record(z.string(), z.unknown())) });

export const userAnswerOf = (account: Account): z.output<typeof userAnswer> => ({
  id: account.id,
  email: account.email,
  name: account.name,
  tenant_id: account.tenantId,
  roles: [...account.roles],
});

export const tokensAnswerOf = (signedIn: SignedIn): z.output<typeof tokensAnswer> => ({
  user: userAnswerOf(signedIn.account),
  access_token: signedIn.accessToken,
  refresh_token: signedIn.refreshToken,
  token_type: 'Bearer',
  expires_in: signedIn.expiresInS,
});

export const ticketAnswerOf = ({ ticket, expiresInS }: Ticket): z.output<typeof ticketAnswer> => ({
  ticket,
  expires_in: expiresInS,
});

interface ListedSession {
  readonly session: Session;
  readonly recovery: RecoverableSession | undefined;
  readonly currentId: string;
}

export const sessionAnswerOf = ({ session, recovery, currentId }: ListedSession): z.output<typeof sessionAnswer> => ({
  id: session.id,
  user_agent: session.userAgent,
  created_at: session.createdAt.toISOString(),
  last_used_at: session.lastUsedAt.toISOString(),
  expires_at: session.expiresAt.toISOString(),
  current: session.id === currentId,
  recovery: recovery === undefined ? null : recoveryAnswerOf(recovery),
});

const recoveryAnswerOf = (recovery: RecoverableSession): z.output<typeof sessionRecovery> => ({
  disconnected_at: recovery.disconnectedAt?.toISOString() ?? null,
  recoverable_until: recovery.recoverableUntil.toISOString(),
  follows_all: recovery.followsAll,
  threads: recovery.threads.map(({ threadId, ackedSeq, lastSeq }) => ({
    thread_id: threadId,
    acked_seq: ackedSeq,
    last_seq: lastSeq,
  })),
});
