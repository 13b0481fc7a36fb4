import type { RunState } from '@goldenpath/protocol';
import type { JsonObject } from '../context/json.js';
import { preferencesOf, type PreferenceColumns, type UserPreferences } from '../context/user-preferences.js';
import type { UserScope } from '../persistence/sql.js';

/** A run as workers and recovery need it. */
export interface RunRow extends UserScope {
  readonly id: string;
  readonly threadId: string;
  readonly messageId: string;
  readonly sessionId: string;
  readonly requestId: string;
  readonly connectionId: string | undefined;
  readonly query: string;
  readonly agent: string | undefined;
  readonly metadata: JsonObject;
  /** Of the user, as they are now: not those of the moment in which the run was accepted. */
  readonly preferences: UserPreferences;
  readonly state: RunState;
  readonly epoch: number;
  readonly attempt: number;
  readonly crashes: number;
  readonly firstSeq: number;
  readonly createdAt: Date;
  readonly cancelReason: string | undefined;
}

export interface RunColumns {
  id: string;
  tenant_id: string;
  user_id: string;
  thread_id: string;
  message_id: string;
  session_id: string;
  request_id: string;
  connection_id: string | null;
  query: string;
  agent: string | null;
  metadata: string | null;
  preferences: string | null;
  state: RunState;
  epoch: number;
  attempt: number;
  crashes: number;
  first_seq: number;
  created_at: Date;
  cancel_reason: string | null;
}

/** Columns of a RunRow, for a query on `run r`. */
export const RUN_COLUMNS = `r.id, r.tenant_id, r.user_id, r.thread_id, r.message_id, r.session_id, r.request_id, r.connection_id, r.query, r.agent,
  r.metadata, r.state, r.epoch, r.attempt, r.crashes, r.first_seq, r.created_at, r.cancel_reason,
  (SELECT row_to_json(p) FROM user_preference p WHERE p.user_id = r.user_id) AS preferences`;

export const runRow = (columns: RunColumns): RunRow => ({
  id: columns.id,
  tenantId: columns.tenant_id,
  userId: columns.user_id,
  threadId: columns.thread_id,
  messageId: columns.message_id,
  sessionId: columns.session_id,
  requestId: columns.request_id,
  connectionId: columns.connection_id ?? undefined,
  query: columns.query,
  agent: columns.agent ?? undefined,
  // Admission stored an object or nothing.
  metadata: columns.metadata === null ? {} : (JSON.parse(columns.metadata) as JsonObject),
  // The row of a table of ours.
  preferences: preferencesOf(
    columns.preferences === null ? undefined : (JSON.parse(columns.preferences) as PreferenceColumns),
  ),
  state: columns.state,
  epoch: columns.epoch,
  attempt: columns.attempt,
  crashes: columns.crashes,
  firstSeq: columns.first_seq,
  createdAt: columns.created_at,
  cancelReason: columns.cancel_reason ?? undefined,
});
