import type { SqlParameter } from '../../persistence/sql.js';
import { ADD_COUNTS } from './import-counts.js';
import { USAGE_COLUMNS, type UsageColumn } from './usage-columns.js';
import type { UsageRow } from './usage-row.js';

const NAMES = USAGE_COLUMNS.map(({ name }) => name).join(', ');
/** What a price decides; a row that had none may get one later. */
const PRICE_COLUMNS = ['provider', 'model_id', 'cost_computed', 'price_version', 'price_status'];
const REPRICE = PRICE_COLUMNS.map((name) => `${name} = coalesce(row.${name}, old.${name})`).join(', ');
const ARRAYS = USAGE_COLUMNS.map(({ type }, index) => `$${index + 8}::${type}[]`).join(', ');

/**
 * Writes one batch and adds it to the counts of its import, in one statement: both or neither. Rows that are there already (the primary
 * key) are left as they are, except that one without a price takes the one it has now. Sorted by key, so that two imports of the same file wait for each other rather than deadlock.
 * $1 to $5 those of ADD_COUNTS, $6 tenant, $7 source, $8 … the columns.
 */
export const INSERT_USAGE = `
  WITH added AS (
    INSERT INTO usage_event (tenant_id, source, import_id, ${NAMES})
    SELECT $6::uuid, $7::text, $1::uuid, ${NAMES} FROM unnest(${ARRAYS}) AS row (${NAMES})
    ORDER BY source_row_id
    ON CONFLICT DO NOTHING
    RETURNING ts_start, cost_reported, cost_computed
  ), repriced AS (
    UPDATE usage_event old SET ${REPRICE}
    FROM (SELECT DISTINCT ON (source_row_id) * FROM unnest(${ARRAYS}) AS row (${NAMES}) WHERE cost_computed IS NOT NULL) AS row
    WHERE (SELECT count(*) FROM added) < $3::integer
      AND old.tenant_id = $6 AND old.source = $7 AND old.source_row_id = row.source_row_id
      AND old.cost_computed IS NULL AND old.input_total = row.input_total AND old.output_total = row.output_total
    RETURNING old.ts_start, old.cost_reported, old.cost_computed
  ), total AS (
    SELECT (SELECT count(*) FROM added)::integer AS accepted, (SELECT count(*) FROM repriced)::integer AS repriced, 0 AS differing,
           min(ts_start) AS ts_from, max(ts_start) AS ts_to,
           sum(cost_reported)::bigint AS reported, sum(cost_computed)::bigint AS computed
    FROM (SELECT * FROM added UNION ALL SELECT * FROM repriced) AS touched
  )
  ${ADD_COUNTS} RETURNING total.accepted`;

/**
 * How much a bucket holds. It only grows while it is open, so that of two exports of it the larger one is the later one, in whatever order they come.
 * One that a later export corrects downwards looks like an earlier one: it is taken where whoever imports it says that it is later.
 */
const size = (row: string): string =>
  `(${row}.input_total + ${row}.output_total, coalesce(${row}.requests, 0), coalesce(abs(${row}.cost_reported), 0))`;
/** What makes it the same bucket, and whose it is: a failed import must not take rows with it that an earlier one brought. */
const FIXED_COLUMNS = ['source_row_id', 'response_id', 'is_bill', 'row_kind', 'ts_start'];
/** What only the earlier import said of it (the team it was tagged with) stays; a cost that is no longer known does not. */
const GROW = USAGE_COLUMNS.filter(({ name }) => !FIXED_COLUMNS.includes(name))
  .map(
    ({ name }) =>
      `${name} = ${name === 'cost_computed' ? 'excluded.cost_computed' : `coalesce(excluded.${name}, old.${name})`}`,
  )
  .join(', ')
  .concat(', cost_restated = NULL');

/** Whether whoever imports the file says that it is later than what is there. */
const SUPERSEDES = `$${USAGE_COLUMNS.length + 8}::boolean`;
const TOKENS = ['input_uncached', 'cache_read', 'cache_write_5m', 'cache_write_1h', 'output_total'];
/** What a later file can know better; what it does not say stays. */
const SAYS_OTHERWISE = `(${[...TOKENS.map((name) => `excluded.${name}`), 'coalesce(excluded.requests, old.requests)', 'coalesce(excluded.cost_reported, old.cost_reported)'].join(', ')})
        IS DISTINCT FROM (${[...TOKENS, 'requests', 'cost_reported'].map((name) => `old.${name}`).join(', ')})`;

/**
 * Whether no other bucket has its identity (see Occurrences). Which of those that share one is which, another export need not say in the same order:
 * each would take the larger of two.
 */
const IS_ALONE = `(excluded.source_row_id !~ '#[0-9]+$' AND NOT EXISTS (SELECT FROM usage_event AS twin
        WHERE twin.tenant_id = old.tenant_id AND twin.source = old.source AND twin.source_row_id = old.source_row_id || '#1'))`;

/** Rows that share an identity are compared together: in another export they may come in another order. */
const IDENTITY = `regexp_replace(row.source_row_id, '#[0-9]+$', '')`;
const COMPARED = [...TOKENS, 'requests', 'cost_reported'];
const sumOf = (row: 'row' | 'old'): string =>
  `(${COMPARED.map((name) => `sum(coalesce(${row}.${name}, 0)) OVER same`).join(', ')})`;

/**
 * The same for buckets and lines of bills, which are exported again with larger counts while they are open: the larger one stays, priced as it
 * is now, unless others share its identity. Rows that grew count as repriced. `xmax` is zero in a row that no statement has updated.
 * What the file says of a row otherwise is counted, and its cost noted beside the one that stays. $1 to $7 as above, then the columns, then SUPERSEDES.
 */
export const INSERT_BUCKETS = `
  WITH stored AS (
    INSERT INTO usage_event AS old (tenant_id, source, import_id, ${NAMES})
    SELECT DISTINCT ON (source_row_id) $6::uuid, $7::text, $1::uuid, ${NAMES} FROM unnest(${ARRAYS}) AS row (${NAMES})
    ORDER BY source_row_id, ${size('row')} DESC
    ON CONFLICT (tenant_id, source, source_row_id) DO UPDATE SET ${GROW}
      WHERE old.row_kind = 'bucket' AND ((${SUPERSEDES} AND ${SAYS_OTHERWISE})
        OR (${size('excluded')} > ${size('old')} AND ${IS_ALONE})
        OR (${size('excluded')} = ${size('old')} AND old.cost_computed IS NULL AND excluded.cost_computed IS NOT NULL))
    RETURNING source_row_id, ts_start, cost_reported, cost_computed, xmax = 0 AS is_new
  ), stated AS (
    SELECT row.source_row_id, row.cost_reported, ${sumOf('row')} IS DISTINCT FROM ${sumOf('old')} AS differs
    FROM (SELECT DISTINCT ON (source_row_id) * FROM unnest(${ARRAYS}) AS row (${NAMES})
          ORDER BY source_row_id, ${size('row')} DESC) AS row
    JOIN usage_event old ON old.tenant_id = $6 AND old.source = $7 AND old.source_row_id = row.source_row_id
    WHERE old.row_kind = 'bucket' AND NOT EXISTS (SELECT FROM stored WHERE stored.source_row_id = row.source_row_id)
    WINDOW same AS (PARTITION BY ${IDENTITY})
  ), noted AS (
    UPDATE usage_event old SET cost_restated = CASE WHEN differs THEN stated.cost_reported END FROM stated
    WHERE old.tenant_id = $6 AND old.source = $7 AND old.source_row_id = stated.source_row_id AND old.cost_reported IS NOT NULL
      AND old.cost_restated IS DISTINCT FROM CASE WHEN differs THEN stated.cost_reported END
  ), total AS (
    SELECT count(*) FILTER (WHERE is_new)::integer AS accepted, count(*) FILTER (WHERE NOT is_new)::integer AS repriced,
           (SELECT count(*) FROM stated WHERE differs)::integer AS differing,
           min(ts_start) AS ts_from, max(ts_start) AS ts_to,
           sum(cost_reported)::bigint AS reported, sum(cost_computed)::bigint AS computed
    FROM stored
  )
  ${ADD_COUNTS} RETURNING total.accepted`;

/** The columns of a batch as array parameters, each written as PostgreSQL's own text form of an array, which the driver does slowly. */
export const columnArrays = (rows: readonly UsageRow[]): SqlParameter[] =>
  USAGE_COLUMNS.map(({ of }) => arrayText(rows, of));

function arrayText(rows: readonly UsageRow[], of: UsageColumn['of']): string {
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
