import { EventLog } from '../../src/events/event-log.js';
import type { Append, EventEffects } from '../../src/events/event-append.js';
import { ThreadHub } from '../../src/events/thread-hub.js';
import { Metrics } from '../../src/monitor/metrics.js';
import type { Database } from '../../src/persistence/database.js';
import type { Sql } from '../../src/persistence/sql.js';
import { Clock } from '../../src/telemetry/clock.js';
import { Ids } from '../../src/telemetry/ids.js';
import { Logger } from '../../src/telemetry/logger.js';

const ids = new Ids();

/** A run at work in a thread of its own. */
export interface LiveRun {
  readonly tenantId: string;
  readonly userId: string;
  readonly threadId: string;
  readonly runId: string;
  readonly epoch: number;
}

export const newEventLog = (database: Database, hub = new ThreadHub()): EventLog =>
  new EventLog(database, hub, new Clock(), ids, new Logger('silent'), new Metrics(), { appended: () => undefined });

/** A user with a thread and a run in epoch 1, written past the application. */
export async function liveRun(sql: Sql): Promise<LiveRun> {
  const [tenantId, userId, threadId, runId] = [ids.next(), ids.next(), ids.next(), ids.next()];
  await sql.execute(`INSERT INTO tenant (id, name, created_at) VALUES ($1, 'test', now())`, [tenantId]);
  await sql.execute(
    `INSERT INTO user_account (id, tenant_id, email, roles, created_at) VALUES ($1, $2, $3, '{user}', now())`,
    [userId, tenantId, `${userId}@example.com`],
  );
  await sql.execute(
    `INSERT INTO thread (id, tenant_id, user_id, title, created_at, updated_at) VALUES ($1, $2, $3, 'test', now(), now())`,
    [threadId, tenantId, userId],
  );
  await sql.execute(
    `INSERT INTO run (id, tenant_id, user_id, thread_id, message_id, session_id, request_id, query, state, epoch, dispatched, lease_until, first_seq, created_at)
     VALUES ($1::uuid, $2, $3, $4, $1::text, $1::uuid, 'request', 'question', 'running', 1, true, now() + interval '1 hour', 1, now())`,
    [runId, tenantId, userId, threadId],
  );
  return { tenantId, userId, threadId, runId, epoch: 1 };
}

/** An event of a run; `payload` is stored as it is. */
export function append(run: LiveRun, payload = '{"type":"agent_thinking"}', effects?: EventEffects): Append {
  return {
    fence: { runId: run.runId, epoch: run.epoch },
    threadId: run.threadId,
    userId: run.userId,
    event: { eventId: ids.next(), type: 'agent_thinking', payload },
    effects,
  };
}

export interface StoredRow {
  readonly seq: number;
  readonly event_id: string;
  readonly payload: string;
}

export const storedRows = (sql: Sql, threadId: string): Promise<StoredRow[]> =>
  sql.rows<StoredRow>('SELECT seq, event_id, payload FROM run_event WHERE thread_id = $1 ORDER BY seq', [threadId]);
