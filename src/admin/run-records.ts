import { withSeq } from '@goldenpath/protocol';
import { Injectable } from '@nestjs/common';
import { AppError } from '../errors/app-error.js';
import { Database } from '../persistence/database.js';
import type { UserScope } from '../persistence/sql.js';
import { isId } from '../telemetry/ids.js';
import {
  decodeCursor,
  decodeNumberCursor,
  encodeCursor,
  invalidCursor,
  pageOf,
  type Page,
  type PageRequest,
} from '../threads/page-cursor.js';

/** Whose run it is, and where its events begin. */
export interface KnownRun extends UserScope {
  readonly id: string;
  readonly threadId: string;
  readonly firstSeq: number;
}

/** The events of a run in the log. */
interface Persisted {
  readonly first_seq: number | null;
  readonly last_seq: number | null;
  readonly count: number;
  readonly first_at: string | null;
  readonly last_at: string | null;
}

/** What one connection was sent of a run, and what it acknowledged. `door`: a WebSocket or a stream of server-sent events. */
export interface Delivery {
  readonly run_id: string;
  readonly connection_id: string;
  readonly user_id: string;
  readonly thread_id: string;
  readonly door: 'socket' | 'stream';
  readonly persisted_seq: number | null;
  readonly sent: {
    readonly first_seq: number | null;
    readonly last_seq: number | null;
    readonly count: number;
    readonly first_at: string | null;
    readonly last_at: string | null;
  };
  readonly acked: { readonly last_seq: number | null; readonly count: number; readonly at: string | null };
  /** Times that it was brought up to date from the log: on resume, or because it read slowly. */
  readonly catch_ups: number;
  /** What was on its way when the connection ended, or is held back; sent again from the log to whoever resumes. */
  readonly failed: { readonly last_seq: number | null; readonly count: number };
  readonly last_error: string | null;
  readonly last_error_at: string | null;
  readonly stalled_since: string | null;
  readonly closed_at: string | null;
}

export interface DeliveryPage extends Page<Delivery> {
  readonly persisted: Persisted;
}

/** The event log and the delivery ledger of a run of any user. */
@Injectable()
export class RunRecords {
  constructor(private readonly database: Database) {}

  /** Throws run_not_found. Uses run_pkey. */
  async find(runId: string): Promise<KnownRun> {
    const row = isId(runId)
      ? await this.database.row<KnownRun>(
          `SELECT id, tenant_id AS "tenantId", user_id AS "userId", thread_id AS "threadId", first_seq AS "firstSeq"
           FROM run WHERE id = $1`,
          [runId],
        )
      : undefined;
    if (row === undefined) throw new AppError('run_not_found', 'There is no such run.');
    return row;
  }

  /** A page as text: the events are what the log has, byte for byte. Throws run_not_found. Uses run_event_pkey. */
  async events(runId: string, { limit, cursor }: PageRequest): Promise<string> {
    const run = await this.find(runId);
    const afterSeq = cursor === undefined ? 0 : decodeNumberCursor('admin', cursor);
    const rows = await this.database.rows<{ seq: number; text: string }>(
      `SELECT e.seq, e.payload AS text FROM run_event e WHERE ${OF_RUN} AND e.seq > $4 ORDER BY e.seq LIMIT $5`,
      [...ofRun(run), afterSeq, limit + 1],
    );
    const page = pageOf(rows, limit, {
      item: ({ seq, text }) => withSeq(text, seq),
      cursor: ({ seq }) => encodeCursor('admin', seq),
    });
    return `{"data":[${page.data.join(',')}],"next_cursor":${JSON.stringify(page.next_cursor)}}`;
  }

  /** By connection, the earliest first: their ids are in order of time. Throws run_not_found. Uses run_delivery_pkey. */
  async deliveries(runId: string, { limit, cursor }: PageRequest): Promise<DeliveryPage> {
    const run = await this.find(runId);
    const after = cursor === undefined ? null : decodeCursor('admin', cursor);
    if (after !== null && !isId(after)) throw invalidCursor();
    const persisted = await this.persisted(run);
    const rows = await this.database.rows<DeliveryColumns>(
      `SELECT run_id, connection_id, user_id, thread_id, door, first_seq, sent_seq, sent_count, first_sent_at, last_sent_at,
         acked_seq, acked_count, acked_at, catch_ups, failed_seq, failed_count, last_error, last_error_at, stalled_since, closed_at
       FROM run_delivery WHERE run_id = $1 AND ($2::uuid IS NULL OR connection_id > $2) ORDER BY connection_id LIMIT $3`,
      [run.id, after, limit + 1],
    );
    const page = pageOf(rows, limit, {
      item: (row) => delivery(row, persisted.last_seq),
      cursor: (last) => encodeCursor('admin', last.connection_id),
    });
    return { ...page, persisted };
  }

  private async persisted(run: KnownRun): Promise<Persisted> {
    const row = await this.database.row<{ first: number; last: number; count: number; since: Date; until: Date }>(
      `SELECT min(e.seq) AS first, max(e.seq) AS last, count(*) AS count, min(e.created_at) AS since, max(e.created_at) AS until
       FROM run_event e WHERE ${OF_RUN} HAVING count(*) > 0`,
      ofRun(run),
    );
    if (row === undefined) return { first_seq: null, last_seq: null, count: 0, first_at: null, last_at: null };
    const { first, last, count, since, until } = row;
    return { first_seq: first, last_seq: last, count, first_at: since.toISOString(), last_at: until.toISOString() };
  }
}

/** The run's message belongs to it, though its row names no run: it stands at the run's first seq. */
const OF_RUN = `e.thread_id = $1 AND e.seq >= $2 AND (e.run_id = $3 OR e.seq = $2)`;
const ofRun = ({ threadId, firstSeq, id }: KnownRun) => [threadId, firstSeq, id];

interface DeliveryColumns {
  run_id: string;
  connection_id: string;
  user_id: string;
  thread_id: string;
  door: 'socket' | 'stream';
  first_seq: number | null;
  sent_seq: number | null;
  sent_count: number;
  first_sent_at: Date | null;
  last_sent_at: Date | null;
  acked_seq: number | null;
  acked_count: number;
  acked_at: Date | null;
  catch_ups: number;
  failed_seq: number | null;
  failed_count: number;
  last_error: string | null;
  last_error_at: Date | null;
  stalled_since: Date | null;
  closed_at: Date | null;
}

const iso = (time: Date | null): string | null => time?.toISOString() ?? null;

const delivery = (row: DeliveryColumns, persistedSeq: number | null): Delivery => ({
  run_id: row.run_id,
  connection_id: row.connection_id,
  user_id: row.user_id,
  thread_id: row.thread_id,
  door: row.door,
  persisted_seq: persistedSeq,
  sent: {
    first_seq: row.first_seq,
    last_seq: row.sent_seq,
    count: row.sent_count,
    first_at: iso(row.first_sent_at),
    last_at: iso(row.last_sent_at),
  },
  acked: { last_seq: row.acked_seq, count: row.acked_count, at: iso(row.acked_at) },
  catch_ups: row.catch_ups,
  failed: { last_seq: row.failed_seq, count: row.failed_count },
  last_error: row.last_error,
  last_error_at: iso(row.last_error_at),
  stalled_since: iso(row.stalled_since),
  closed_at: iso(row.closed_at),
});
