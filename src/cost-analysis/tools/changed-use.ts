import type { Sql } from '../../persistence/sql.js';
import type { PeriodUse } from './change-effects.js';
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

/** What counts is the usage that has a price: tokens whose cost is not known would make the others look cheap. */
export interface NamedUse extends PeriodUse {
  /** Whether any usage has a price. */
  readonly isPriced: boolean;
  /** Tokens of usage without a price; null where there is no such usage. */
  readonly unpricedTokens: bigint | null;
}

export interface NamedChange {
  readonly before: NamedUse;
  readonly after: NamedUse;
  /** Its name in each dimension; null: all that is too small to be read by itself. */
  readonly names: readonly (string | null)[] | null;
  readonly last: Date;
}

/** Segments that are read; those that cost least in both periods are left out and counted as one. */
const SEGMENTS_MAX = 500;

type Side = 'before' | 'after';
type ChangeRow = { readonly names: (string | null)[]; readonly is_rest: boolean; readonly last: Date } & Record<
  `${'cost' | 'tokens' | 'unpriced' | 'requests'}_${Side}`,
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
  return rows.map((row) => ({
    names: row.is_rest ? null : row.names,
    before: useOf(row, 'before'),
    after: useOf(row, 'after'),
    last: row.last,
  }));
}

function useOf(row: ChangeRow, side: Side): NamedUse {
  const { [`cost_${side}` as const]: cost, [`requests_${side}` as const]: requests } = row;
  const unpriced = row[`unpriced_${side}`];
  return {
    costNano: bigintOf(cost),
    tokens: Number(row[`tokens_${side}`] ?? '0'),
    requests: requests === null ? null : Number(requests),
    isPriced: cost !== null,
    unpricedTokens: unpriced === null ? null : BigInt(unpriced),
  };
}

const limitAt = (at: number) => ({ moment: `$${at}::timestamptz`, civil: `$${at + 1}::timestamptz` });

/** Relies on usage_event_time for both periods. Requests are null for a period in which a priced row does not count them. */
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
      sum(spend) FILTER (WHERE is_${side}) AS cost_${side}, sum(tokens) FILTER (WHERE is_${side} AND priced) AS tokens_${side},
      sum(tokens) FILTER (WHERE is_${side} AND NOT priced) AS unpriced_${side},
      count(*) FILTER (WHERE is_${side} AND priced AND requests IS NULL) AS uncounted_${side},
      sum(requests) FILTER (WHERE is_${side} AND priced) AS counted_${side}`;
  const totals = (side: Side): string => `
    sum(cost_${side})::text AS cost_${side}, sum(tokens_${side})::text AS tokens_${side},
    sum(unpriced_${side})::text AS unpriced_${side},
    CASE WHEN sum(uncounted_${side}) = 0 THEN coalesce(sum(counted_${side}), 0)::text END AS requests_${side}`;
  return `
  WITH used AS (
    SELECT ARRAY[${dimensions.map((dimension) => DIMENSION_COLUMNS[dimension]).join(', ')}]::text[] AS names, ${SPEND} AS spend, ${SPEND} IS NOT NULL AS priced,
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
