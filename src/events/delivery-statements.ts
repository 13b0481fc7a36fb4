import type { Sql, SqlParameter } from '../persistence/sql.js';
import type { PendingAck, Reader } from './connection-delivery.js';
import type { DeliveryChange } from './delivery-record.js';

/** One row to be added to the ledger, or merged into what it has. */
export interface LedgerRow extends DeliveryChange {
  readonly reader: Reader;
  readonly ackedSeq: number | null;
  readonly ackedCount: number;
  readonly ackedAt: Date | null;
}

/** What an acknowledgement says of one run: how many events of a type, up to which seq. */
export interface AckedEvents {
  /** Which of the acknowledgements. */
  readonly place: number;
  readonly run_id: string;
  readonly type: string;
  readonly count: number;
  readonly last_seq: number;
}

type ColumnValue = (row: LedgerRow) => SqlParameter;

/** Every column that is written, with its type and where its value comes from. */
const COLUMNS: Readonly<Record<string, readonly [type: string, value: ColumnValue]>> = {
  run_id: ['uuid', (row) => row.runId],
  connection_id: ['uuid', (row) => row.reader.connectionId],
  tenant_id: ['uuid', (row) => row.reader.tenantId],
  user_id: ['uuid', (row) => row.reader.userId],
  thread_id: ['uuid', (row) => row.threadId],
  door: ['text', (row) => row.reader.door],
  first_seq: ['bigint', (row) => row.firstSeq],
  sent_seq: ['bigint', (row) => row.sentSeq],
  sent_count: ['int', (row) => row.sentCount],
  first_sent_at: ['timestamptz', (row) => row.firstSentAt],
  last_sent_at: ['timestamptz', (row) => row.lastSentAt],
  acked_seq: ['bigint', (row) => row.ackedSeq],
  acked_count: ['int', (row) => row.ackedCount],
  acked_at: ['timestamptz', (row) => row.ackedAt],
  catch_ups: ['int', (row) => row.catchUps],
  failed_seq: ['bigint', (row) => row.failedSeq],
  failed_count: ['int', (row) => row.failedCount],
  last_error: ['text', (row) => row.lastError],
  last_error_at: ['timestamptz', (row) => row.lastErrorAt],
  stalled_since: ['timestamptz', (row) => row.stalledSince],
};

const NAMES = Object.keys(COLUMNS).join(', ');
const ARRAYS = Object.values(COLUMNS)
  .map(([type], index) => `$${index + 1}::${type}[]`)
  .join(', ');

/** Counts are added, positions only grow. Rows are locked in the order of their key, so that two processes don't wait for each other. */
const MERGE = `
  INSERT INTO run_delivery AS d (${NAMES}, created_at)
  SELECT ${NAMES}, now() FROM unnest(${ARRAYS}) AS i (${NAMES}) ORDER BY run_id, connection_id
  ON CONFLICT (run_id, connection_id) DO UPDATE SET
    first_seq = least(d.first_seq, excluded.first_seq), sent_seq = greatest(d.sent_seq, excluded.sent_seq),
    sent_count = d.sent_count + excluded.sent_count, first_sent_at = least(d.first_sent_at, excluded.first_sent_at),
    last_sent_at = greatest(d.last_sent_at, excluded.last_sent_at), acked_seq = greatest(d.acked_seq, excluded.acked_seq),
    acked_count = d.acked_count + excluded.acked_count, acked_at = coalesce(excluded.acked_at, d.acked_at),
    catch_ups = d.catch_ups + excluded.catch_ups, failed_seq = greatest(d.failed_seq, excluded.failed_seq),
    failed_count = d.failed_count + excluded.failed_count, last_error = coalesce(excluded.last_error, d.last_error),
    last_error_at = greatest(d.last_error_at, excluded.last_error_at), stalled_since = excluded.stalled_since`;

/** Adds rows, at most one for each run and connection, to the ledger. Uses run_delivery_pkey. */
export async function mergeDeliveries(sql: Sql, rows: readonly LedgerRow[]): Promise<void> {
  await sql.execute(
    MERGE,
    Object.values(COLUMNS).map(([, value]) => rows.map(value)),
  );
}

/** Notes when connections ended. Uses run_delivery_open. */
export async function closeDeliveries(
  sql: Sql,
  closed: readonly { readonly connectionId: string; readonly at: Date }[],
): Promise<void> {
  await sql.execute(
    `UPDATE run_delivery d SET closed_at = c.at, stalled_since = NULL
     FROM unnest($1::uuid[], $2::timestamptz[]) AS c (connection_id, at) WHERE d.connection_id = c.connection_id AND d.closed_at IS NULL`,
    [closed.map(({ connectionId }) => connectionId), closed.map(({ at }) => at)],
  );
}

/**
 * What acknowledgements cover, by run and type: a client may acknowledge what an earlier connection was sent. A message
 * belongs to its run, though its event names it in the text only: `->`, because `->>` refuses texts with \u0000.
 * Uses run_event_pkey.
 */
export function resolveAcks(sql: Sql, acks: readonly PendingAck[]): Promise<AckedEvents[]> {
  return sql.rows<AckedEvents>(
    `SELECT a.place, coalesce(e.run_id, trim('"' FROM (e.payload -> 'run_id')::text)::uuid) AS run_id, e.type,
       count(*) AS count, max(e.seq) AS last_seq
     FROM unnest($1::uuid[], $2::bigint[], $3::bigint[]) WITH ORDINALITY AS a (thread_id, from_seq, to_seq, place)
     JOIN run_event e ON e.thread_id = a.thread_id AND e.seq > a.from_seq AND e.seq <= a.to_seq
     WHERE e.run_id IS NOT NULL OR e.type = 'message_created'
     GROUP BY 1, 2, 3`,
    [acks.map(({ threadId }) => threadId), acks.map(({ fromSeq }) => fromSeq), acks.map(({ toSeq }) => toSeq)],
  );
}

/** Removes a part of the rows from before a time; answers how many. Uses run_delivery_created. */
export function pruneDeliveries(sql: Sql, before: Date, limit: number): Promise<number> {
  return sql.execute(
    `DELETE FROM run_delivery WHERE (run_id, connection_id) IN
       (SELECT run_id, connection_id FROM run_delivery WHERE created_at < $1 ORDER BY created_at LIMIT $2)`,
    [before, limit],
  );
}
