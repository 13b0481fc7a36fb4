import type { Sql } from '../../../persistence/sql.js';
import type { TokenSegment } from '../substitution.js';
import { HAS_BATCH_FLAG } from '../usage-fields.js';
import { bigintOf, REQUESTS, SPEND, usageFilter, type UsageScope } from '../usage-scope.js';

export interface UsageSegments {
  /** The most expensive first. */
  readonly segments: readonly TokenSegment[];
  /** All priced spend in scope, and all spend; nano-USD. */
  readonly pricedNano: bigint;
  readonly spendNano: bigint;
  /** Spend of rows that say whether they were streamed or a batch. */
  readonly flaggedNano: bigint;
  readonly last: Date | null;
}

/** Combinations of model, feature and tier that are read; the rest counts as not covered. */
const SEGMENTS_MAX = 500;

interface SegmentRow {
  readonly model: string | null;
  readonly provider: string | null;
  readonly feature: string | null;
  readonly is_batch: boolean | null;
  readonly service_tier: string | null;
  readonly cost: string | null;
  readonly input_uncached: string;
  readonly cache_read: string;
  readonly cache_write_5m: string;
  readonly cache_write_1h: string;
  readonly output: string;
  readonly requests: string | null;
  readonly window_at: number | null;
  readonly segment_last: Date;
  readonly last: Date | null;
  readonly priced: string | null;
  readonly spend: string | null;
  readonly flagged: string | null;
}

/** The tenant's priced usage by model, feature and tier of service. `windows`: all context windows that there are, ascending. */
export async function usageSegments(
  sql: Sql,
  tenantId: string,
  { scope, windows }: { scope: UsageScope; windows: readonly number[] },
): Promise<UsageSegments> {
  const { where, parameters } = usageFilter(tenantId, scope);
  const rows = await sql.rows<SegmentRow>(statement(where, parameters.length + 1), [...parameters, windows]);
  const [any] = rows;
  return {
    segments: rows.flatMap((row) => segmentOf(row, windows)),
    pricedNano: bigintOf(any?.priced),
    spendNano: bigintOf(any?.spend),
    flaggedNano: bigintOf(any?.flagged),
    last: any?.last ?? null,
  };
}

/**
 * What has no price or no model, and what a gateway answered from its cache (free on any model), counts in the totals only. Calls are told apart by
 * how many windows are too small for them: a percentile of their lengths themselves would need all rows sorted.
 */
const statement = (where: string, windows: number): string => `
  WITH found AS MATERIALIZED (
    SELECT priced, model_id AS model, provider, feature, is_batch, service_tier,
      CASE WHEN calls IS NOT NULL THEN width_bucket(input_total / greatest(calls, 1) - 1, $${windows}::bigint[]) END AS window_at,
      sum(cost_computed) AS cost, sum(${SPEND}) AS spend, sum(${SPEND}) FILTER (WHERE ${HAS_BATCH_FLAG}) AS flagged, sum(input_uncached) AS input_uncached, sum(cache_read) AS cache_read,
      sum(cache_write_5m) AS cache_write_5m, sum(cache_write_1h) AS cache_write_1h, sum(output_total) AS output, sum(calls) AS requests,
      count(*) AS rows, count(calls) AS counted, max(ts_start) AS last
    FROM (SELECT *, ${REQUESTS} AS calls, cost_computed IS NOT NULL AND model_id IS NOT NULL AND status <> 'cached' AS priced
          FROM usage_event WHERE ${where}) event
    GROUP BY priced, model_id, provider, feature, is_batch, service_tier, 7),
  ranked AS (
    SELECT *, sum(counted) OVER (same ORDER BY window_at) AS reached, sum(counted) OVER same AS all_counted
    FROM found WHERE priced WINDOW same AS (PARTITION BY model, provider, feature, is_batch, service_tier)),
  segment AS (
    SELECT model, provider, feature, is_batch, service_tier, sum(cost) AS cost, sum(input_uncached) AS input_uncached, sum(cache_read) AS cache_read,
      sum(cache_write_5m) AS cache_write_5m, sum(cache_write_1h) AS cache_write_1h, sum(output) AS output,
      CASE WHEN sum(rows) = sum(counted) THEN sum(requests) END AS requests,
      min(window_at) FILTER (WHERE reached >= 0.99 * all_counted) AS window_at, max(last) AS segment_last
    FROM ranked GROUP BY model, provider, feature, is_batch, service_tier),
  total AS (SELECT max(last) AS last, sum(cost) FILTER (WHERE priced) AS priced, sum(spend) AS spend, sum(flagged) AS flagged FROM found)
  SELECT model, provider, feature, is_batch, service_tier, cost::text, input_uncached::text, cache_read::text, cache_write_5m::text,
    cache_write_1h::text, output::text, requests::text, window_at, segment_last, last, priced::text, spend::text, flagged::text
  FROM total LEFT JOIN segment ON true
  ORDER BY sum(cost) OVER (PARTITION BY model) DESC, model, segment.cost DESC, feature LIMIT ${SEGMENTS_MAX}`;

const segmentOf = (row: SegmentRow, windows: readonly number[]): TokenSegment[] =>
  row.model === null
    ? []
    : [
        {
          model: row.model,
          provider: row.provider,
          feature: row.feature,
          isBatch: row.is_batch,
          serviceTier: row.service_tier,
          costNano: bigintOf(row.cost),
          inputUncached: Number(row.input_uncached),
          cacheRead: Number(row.cache_read),
          cacheWrite5m: Number(row.cache_write_5m),
          cacheWrite1h: Number(row.cache_write_1h),
          output: Number(row.output),
          requests: row.requests === null ? null : Number(row.requests),
          inputWindow: row.window_at === null ? null : (windows[row.window_at] ?? Number.POSITIVE_INFINITY),
          last: row.segment_last,
        },
      ];
