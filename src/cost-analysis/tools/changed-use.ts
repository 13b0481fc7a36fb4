import type { Sql } from '../../persistence/sql.js';
import type { ChangedSegment } from './change-effects.js';
import { startsWhere } from './row-days.js';
import {
  bigintOf,
  DIMENSION_COLUMNS,
  REQUESTS,
  SPEND,
  usageFilter,
  type Dimension,
  type UsageScope,
} from './usage-scope.js';

/** Half-open. `shown`: what the zone's clocks show at its ends, as if it were UTC. */
export interface Period {
  readonly from: Date;
  readonly to: Date;
  readonly shown: { readonly from: Date; readonly to: Date };
}

export interface Comparison {
  readonly before: Period;
  readonly after: Period;
}

export interface NamedChange extends ChangedSegment {
  /** Its name in each dimension; null: all that is too small to be read by itself. */
  readonly names: readonly (string | null)[] | null;
  readonly last: Date;
}

/** Segments that are read; those that cost least in both periods are left out and counted as one. */
const SEGMENTS_MAX = 500;

type Side = 'before' | 'after';
type ChangeRow = { readonly names: (string | null)[]; readonly is_rest: boolean; readonly last: Date } & Record<
  `${'cost' | 'tokens' | 'requests'}_${Side}`,
  string | null
>;

/** What each segment used in both periods, the most expensive first. */
export async function changedUse(
  sql: Sql,
  tenantId: string,
  asked: { comparison: Comparison; dimensions: readonly Dimension[]; where: UsageScope['where'] },
): Promise<NamedChange[]> {
  const { before, after } = asked.comparison;
  const { where, parameters } = usageFilter(tenantId, { where: asked.where });
  const periods = [before, after].flatMap(({ from, to, shown }) => [from, shown.from, to, shown.to]);
  const text = statement({ where, dimensions: asked.dimensions, first: parameters.length + 1 });
  const rows = await sql.rows<ChangeRow>(text, [...parameters, ...periods]);
  const side = (row: ChangeRow, name: Side) => ({
    costNano: bigintOf(row[`cost_${name}`]),
    tokens: Number(row[`tokens_${name}`] ?? '0'),
    requests: row[`requests_${name}`] === null ? null : Number(row[`requests_${name}`]),
  });
  return rows.map((row) => ({
    names: row.is_rest ? null : row.names,
    before: side(row, 'before'),
    after: side(row, 'after'),
    last: row.last,
  }));
}

const limitAt = (at: number) => ({ moment: `$${at}::timestamptz`, civil: `$${at + 1}::timestamptz` });

/** Relies on usage_event_time for both periods. Requests are null for a period in which a row does not count them. */
function statement({
  where,
  dimensions,
  first,
}: {
  where: string;
  dimensions: readonly Dimension[];
  first: number;
}): string {
  const within = (at: number): string => `(${startsWhere('>=', limitAt(at))} AND ${startsWhere('<', limitAt(at + 2))})`;
  const [isBefore, isAfter] = [within(first), within(first + 4)];
  const sums = (side: Side): string => `
      sum(spend) FILTER (WHERE is_${side}) AS cost_${side}, sum(tokens) FILTER (WHERE is_${side}) AS tokens_${side},
      count(*) FILTER (WHERE is_${side} AND requests IS NULL) AS uncounted_${side}, sum(requests) FILTER (WHERE is_${side}) AS counted_${side}`;
  const totals = (side: Side): string => `
    sum(cost_${side})::text AS cost_${side}, sum(tokens_${side})::text AS tokens_${side},
    CASE WHEN sum(uncounted_${side}) = 0 THEN coalesce(sum(counted_${side}), 0)::text END AS requests_${side}`;
  return `
  WITH used AS (
    SELECT ARRAY[${dimensions.map((dimension) => DIMENSION_COLUMNS[dimension]).join(', ')}]::text[] AS names, ${SPEND} AS spend,
      input_total + output_total AS tokens, ${REQUESTS} AS requests, ts_start,
      ${isBefore} AS is_before, ${isAfter} AS is_after
    FROM usage_event
    WHERE ${where} AND (${isBefore} OR ${isAfter})),
  grouped AS (
    SELECT names, max(ts_start) AS last, row_number() OVER (ORDER BY sum(spend) DESC NULLS LAST, names) AS place, ${sums('before')}, ${sums('after')}
    FROM used GROUP BY names)
  SELECT CASE WHEN place <= ${SEGMENTS_MAX} THEN names END AS names, place > ${SEGMENTS_MAX} AS is_rest, max(last) AS last,
    ${totals('before')}, ${totals('after')}
  FROM grouped GROUP BY 1, 2, CASE WHEN place <= ${SEGMENTS_MAX} THEN place END
  ORDER BY sum(coalesce(cost_before, 0) + coalesce(cost_after, 0)) DESC, names`;
}
