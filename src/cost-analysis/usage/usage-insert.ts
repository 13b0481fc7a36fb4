import type { SqlParameter } from '../../persistence/sql.js';
import type { UsageRow } from './usage-row.js';

type ColumnType = 'text' | 'bigint' | 'integer' | 'boolean' | 'timestamptz' | 'jsonb';

interface Column {
  readonly name: string;
  readonly type: ColumnType;
  readonly of: (row: UsageRow) => string | number | bigint | boolean | Date | undefined;
}

const column = (name: string, type: ColumnType, of: Column['of']): Column => ({ name, type, of });

/** The columns that differ from row to row; the rest are the same for a whole import. */
const COLUMNS: readonly Column[] = [
  column('source_row_id', 'text', (row) => row.sourceRowId),
  column('response_id', 'text', (row) => row.responseId),
  column('is_bill', 'boolean', (row) => row.isBill),
  column('row_kind', 'text', (row) => row.rowKind),
  column('ts_start', 'timestamptz', (row) => row.tsStart),
  column('ts_end', 'timestamptz', (row) => row.tsEnd),
  column('provider', 'text', (row) => row.provider),
  column('model_raw', 'text', (row) => row.modelRaw),
  column('model_id', 'text', (row) => row.modelId),
  column('operation', 'text', (row) => row.operation),
  column('input_total', 'bigint', (row) => row.inputTotal),
  column('input_uncached', 'bigint', (row) => row.inputUncached),
  column('cache_read', 'bigint', (row) => row.cacheRead),
  column('cache_write_5m', 'bigint', (row) => row.cacheWrite5m),
  column('cache_write_1h', 'bigint', (row) => row.cacheWrite1h),
  column('output_total', 'bigint', (row) => row.outputTotal),
  column('reasoning', 'bigint', (row) => row.reasoning),
  column('requests', 'bigint', (row) => row.requests),
  column('status', 'text', (row) => row.status),
  column('error_type', 'text', (row) => row.errorType),
  column('latency_ms', 'integer', (row) => row.latencyMs),
  column('ttft_ms', 'integer', (row) => row.ttftMs),
  column('stream', 'boolean', (row) => row.stream),
  column('finish_reason', 'text', (row) => row.finishReason),
  column('is_batch', 'boolean', (row) => row.isBatch),
  column('service_tier', 'text', (row) => row.serviceTier),
  column('team', 'text', (row) => row.team),
  column('project', 'text', (row) => row.project),
  column('feature', 'text', (row) => row.feature),
  column('user_hash', 'text', (row) => row.userHash),
  column('api_key_ref', 'text', (row) => row.apiKeyRef),
  column('session_id', 'text', (row) => row.sessionId),
  column('trace_id', 'text', (row) => row.traceId),
  column('prompt_hash', 'text', (row) => row.promptHash),
  column('prefix_hash', 'text', (row) => row.prefixHash),
  column('tags', 'jsonb', (row) => row.tags),
  column('cost_reported', 'bigint', (row) => row.costReported),
  column('cost_computed', 'bigint', (row) => row.costComputed),
  column('price_version', 'text', (row) => row.priceVersion),
  column('price_status', 'text', (row) => row.priceStatus),
];

const NAMES = COLUMNS.map(({ name }) => name).join(', ');
/** What a price decides; a row that had none may get one later. */
const PRICE_COLUMNS = ['provider', 'model_id', 'cost_computed', 'price_version', 'price_status'];
const REPRICE = PRICE_COLUMNS.map((name) => `${name} = coalesce(row.${name}, old.${name})`).join(', ');
const ARRAYS = COLUMNS.map(({ type }, index) => `$${index + 7}::${type}[]`).join(', ');

/** Adds what the statement above it stored to the counts of the import. */
const COUNT = `
  UPDATE usage_import SET
    accepted = usage_import.accepted + total.accepted,
    duplicates = usage_import.duplicates + $5::integer - total.accepted - total.repriced,
    repriced = usage_import.repriced + total.repriced,
    rejected = $4::integer,
    percent = coalesce($6::smallint, usage_import.percent),
    ts_from = least(usage_import.ts_from, total.ts_from),
    ts_to = greatest(usage_import.ts_to, total.ts_to),
    cost_reported = CASE WHEN total.reported IS NULL THEN usage_import.cost_reported
                         ELSE coalesce(usage_import.cost_reported, 0) + total.reported END,
    cost_computed = CASE WHEN total.computed IS NULL THEN usage_import.cost_computed
                         ELSE coalesce(usage_import.cost_computed, 0) + total.computed END
  FROM total WHERE usage_import.id = $3::uuid`;

/**
 * Writes one batch and adds it to the counts of its import, in one statement: both or neither. Rows that are there already (the primary
 * key) are left as they are, except that one without a price takes the one it has now. Sorted by key, so that two imports of the same file wait for each other rather than deadlock.
 * $1 tenant, $2 source, $3 import, $4 rejected so far, $5 rows in the batch, $6 percent of the file, $7 … the columns.
 */
export const INSERT_USAGE = `
  WITH added AS (
    INSERT INTO usage_event (tenant_id, source, import_id, ${NAMES})
    SELECT $1::uuid, $2::text, $3::uuid, ${NAMES} FROM unnest(${ARRAYS}) AS row (${NAMES})
    ORDER BY source_row_id
    ON CONFLICT DO NOTHING
    RETURNING ts_start, cost_reported, cost_computed
  ), repriced AS (
    UPDATE usage_event old SET ${REPRICE}
    FROM (SELECT DISTINCT ON (source_row_id) * FROM unnest(${ARRAYS}) AS row (${NAMES}) WHERE cost_computed IS NOT NULL) AS row
    WHERE (SELECT count(*) FROM added) < $5::integer
      AND old.tenant_id = $1 AND old.source = $2 AND old.source_row_id = row.source_row_id
      AND old.cost_computed IS NULL AND old.input_total = row.input_total AND old.output_total = row.output_total
    RETURNING old.ts_start, old.cost_reported, old.cost_computed
  ), total AS (
    SELECT (SELECT count(*) FROM added)::integer AS accepted, (SELECT count(*) FROM repriced)::integer AS repriced,
           min(ts_start) AS ts_from, max(ts_start) AS ts_to,
           sum(cost_reported)::bigint AS reported, sum(cost_computed)::bigint AS computed
    FROM (SELECT * FROM added UNION ALL SELECT * FROM repriced) AS touched
  )${COUNT}`;

/** How much a bucket holds. It only grows while it is open, so that of two exports of it the larger one is the later one, in whatever order they come. */
const size = (row: string): string =>
  `(${row}.input_total + ${row}.output_total, coalesce(${row}.requests, 0), coalesce(abs(${row}.cost_reported), 0))`;
/** What makes it the same bucket, and whose it is: a failed import must not take rows with it that an earlier one brought. */
const FIXED_COLUMNS = ['source_row_id', 'response_id', 'is_bill', 'row_kind', 'ts_start'];
const GROW = COLUMNS.filter(({ name }) => !FIXED_COLUMNS.includes(name))
  .map(({ name }) => `${name} = excluded.${name}`)
  .join(', ');

/**
 * The same for buckets and lines of bills, which are exported again with larger counts while they are open: the larger one stays, priced as it
 * is now. Rows that grew count as repriced. `xmax` is zero in a row that no statement has updated.
 */
export const INSERT_BUCKETS = `
  WITH stored AS (
    INSERT INTO usage_event AS old (tenant_id, source, import_id, ${NAMES})
    SELECT DISTINCT ON (source_row_id) $1::uuid, $2::text, $3::uuid, ${NAMES} FROM unnest(${ARRAYS}) AS row (${NAMES})
    ORDER BY source_row_id, ${size('row')} DESC
    ON CONFLICT (tenant_id, source, source_row_id) DO UPDATE SET ${GROW}
      WHERE old.row_kind = 'bucket' AND (${size('excluded')} > ${size('old')}
        OR (${size('excluded')} = ${size('old')} AND old.cost_computed IS NULL AND excluded.cost_computed IS NOT NULL))
    RETURNING ts_start, cost_reported, cost_computed, xmax = 0 AS is_new
  ), total AS (
    SELECT count(*) FILTER (WHERE is_new)::integer AS accepted, count(*) FILTER (WHERE NOT is_new)::integer AS repriced,
           min(ts_start) AS ts_from, max(ts_start) AS ts_to,
           sum(cost_reported)::bigint AS reported, sum(cost_computed)::bigint AS computed
    FROM stored
  )${COUNT}`;

/** The columns of a batch as array parameters, each written as PostgreSQL's own text form of an array, which the driver does slowly. */
export const columnArrays = (rows: readonly UsageRow[]): SqlParameter[] => COLUMNS.map(({ of }) => arrayText(rows, of));

function arrayText(rows: readonly UsageRow[], of: Column['of']): string {
  let text = '{';
  for (const row of rows) {
    const value = of(row);
    if (text.length > 1) text += ',';
    if (value === undefined) text += 'NULL';
    else if (typeof value === 'string') text += quoted(value);
    else if (value instanceof Date) text += value.toISOString();
    else text += String(value);
  }
  return `${text}}`;
}

/** Plain words need no quotes, and most values are plain; NULL as a text does. */
const quoted = (text: string): string =>
  /^[\w.:/-]+$/.test(text) && !/^null$/i.test(text) ? text : `"${text.replace(/[\\"]/g, '\\$&')}"`;
