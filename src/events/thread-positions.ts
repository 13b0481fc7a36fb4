import { Injectable } from '@nestjs/common';
import { AppError } from '../errors/app-error.js';
import { Database } from '../persistence/database.js';
import { Installation } from '../persistence/installation.js';
import type { UserScope } from '../persistence/sql.js';
import { isId } from '../telemetry/ids.js';
import { EventLog } from './event-log.js';
import { PAGE_EVENTS } from './thread-feed.js';
import type { StoredEvent } from './thread-hub.js';

/** How far back the beginning of what was missed is looked for. */
const LATEST_EVENTS = 2_000;

/**
 * The transaction that wrote a row: the latest that there was of those which end in its 32 bits, all that a row has
 * (https://www.postgresql.org/docs/current/ddl-system-columns.html). Neither events nor threads are written in subtransactions.
 */
const NEXT = 'pg_snapshot_xmax(pg_current_snapshot())::text::bigint';
const writtenBy = (row: string): string =>
  `(${NEXT} - ((${NEXT} - ${row}.xmin::text::bigint) & 4294967295))::text::xid8`;

/** A thread in which something happens. */
export interface ActiveThread {
  readonly threadId: string;
  /** The transaction that last wrote of it, e.g. events. */
  readonly writtenBy: bigint;
}

/** Where threads end, and what lies after a position: what subscriptions ask of the database. */
@Injectable()
export class ThreadPositions {
  constructor(
    private readonly database: Database,
    private readonly log: EventLog,
    private readonly installation: Installation,
  ) {}

  /** The seq of the thread's last event. Throws thread_not_found, the same for an unknown, deleted or foreign thread. Uses thread_pkey. */
  async lastSeq(scope: UserScope, threadId: string): Promise<number> {
    const row = isId(threadId)
      ? await this.database.row<{ last_seq: number }>(
          `SELECT last_seq FROM thread WHERE id = $1 AND tenant_id = $2 AND user_id = $3 AND deleted_at IS NULL`,
          [threadId, scope.tenantId, scope.userId],
        )
      : undefined;
    if (row === undefined) throw new AppError('thread_not_found', 'There is no such thread.');
    return row.last_seq;
  }

  /** The last seq of each of these threads, which connections of this process follow: their users were checked when they began to. */
  async heads(threadIds: readonly string[]): Promise<Map<string, number>> {
    if (threadIds.length === 0) return new Map();
    const rows = await this.database.rows<{ id: string; last_seq: number }>(
      `SELECT id, last_seq FROM thread WHERE id = ANY($1::uuid[])`,
      [threadIds],
    );
    return new Map(rows.map((row) => [row.id, row.last_seq]));
  }

  /** What is committed by now, as a pg_snapshot: unlike a time, it does not go back when the database's clock does. */
  async committed(): Promise<string> {
    const row = await this.database.row<{ committed: string }>('SELECT pg_current_snapshot()::text AS committed');
    if (row === undefined) throw new Error('the database answered no snapshot');
    return row.committed;
  }

  /**
   * The seq of the thread's first event that was not committed in a snapshot; undefined when there is none, or no such thread.
   * Looks at the latest events only: it is asked for what was missed within seconds. Uses thread_pkey, run_event_pkey.
   */
  async firstSince(scope: UserScope, threadId: string, since: string): Promise<number | undefined> {
    const row = await this.database.row<{ seq: number | null }>(
      `SELECT min(e.seq) AS seq FROM thread t JOIN run_event e ON e.thread_id = t.id AND e.seq > t.last_seq - $5
       WHERE t.id = $1 AND t.tenant_id = $2 AND t.user_id = $3 AND t.deleted_at IS NULL
         AND NOT pg_visible_in_snapshot(${writtenBy('e')}, $4::pg_snapshot)`,
      [threadId, scope.tenantId, scope.userId, since, LATEST_EVENTS],
    );
    return row?.seq ?? undefined;
  }

  /** Threads of these users with a run that goes on, or was over within the last minute. Uses run_unfinished, run_finished, thread_pkey. */
  async activeThreads(userIds: readonly string[]): Promise<ReadonlyMap<string, readonly ActiveThread[]>> {
    if (userIds.length === 0) return new Map();
    const rows = await this.database.rows<{ user_id: string; thread_id: string; written_by: string }>(
      `SELECT active.user_id, active.thread_id, ${writtenBy('t')}::text AS written_by FROM (
         SELECT user_id, thread_id FROM run
         WHERE user_id = ANY($1::uuid[]) AND state IN ('pending', 'starting', 'running', 'completing')
         UNION
         SELECT user_id, thread_id FROM run WHERE user_id = ANY($1::uuid[]) AND finished_at > now() - interval '1 minute'
       ) active JOIN thread t ON t.id = active.thread_id AND t.user_id = active.user_id`,
      [userIds],
    );
    const threads = new Map<string, ActiveThread[]>(userIds.map((userId) => [userId, []]));
    for (const row of rows)
      threads.get(row.user_id)?.push({ threadId: row.thread_id, writtenBy: BigInt(row.written_by) });
    return threads;
  }

  page(scope: UserScope, threadId: string, afterSeq: number): Promise<readonly StoredEvent[]> {
    return this.log.page(scope, { threadId, afterSeq, limit: PAGE_EVENTS });
  }

  /** Throws log_changed when the client's position belongs to another log: a database restored from a backup. */
  checkLogId(logId: string | undefined, lastSeq: number): void {
    const current = this.installation.logId();
    if (logId !== undefined && logId !== current) {
      throw new AppError(
        'log_changed',
        'This log is not the one that the position belongs to; read the thread from its start.',
        {
          details: { log_id: current, last_seq: lastSeq },
        },
      );
    }
  }
}

/** What a client says it has is not there. */
export const cursorAhead = (seq: number, lastSeq: number): AppError =>
  new AppError('cursor_ahead', `The thread ends at seq ${lastSeq}; ${seq} lies ahead of it.`, {
    details: { last_seq: lastSeq },
  });
