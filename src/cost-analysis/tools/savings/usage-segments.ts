import type { Sql } from '../../../persistence/sql.js';
import type { TokenSegment } from '../substitution.js';
import { bigintOf, REQUESTS, SPEND, usageFilter, type UsageScope } from '../usage-scope.js';

export interface UsageSegments {
  /** The most expensive first. */
  readonly segments: readonly TokenSegment[];
  /** All priced spend in scope, and all spend; nano-USD. */
  readonly pricedNano: bigint;
  readonly spendNano: bigint;
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
  readonly input_p99: string | null;
  readonly segment_last: Date;
  readonly last: Date;
  readonly priced: string | null;
  readonly spend: string | null;
}

/** The tenant's priced usage by model, feature and tier of service. */
export async function usageSegments(sql: Sql, tenantId: string, scope: UsageScope): Promise<UsageSegments> {
  const { where, parameters } = usageFilter(tenantId, scope);
  const rows = await sql.rows<SegmentRow>(statement(where), parameters);
  const [any] = rows;
  return {
    segments: rows.flatMap((row) => segmentOf(row)),
    pricedNano: bigintOf(any?.priced),
    spendNano: bigintOf(any?.spend),
    last: any?.last ?? null,
  };
}

/** What has no price or no model, and what a gateway answered from its cache (free on any model), falls into one group without a model, which counts in the totals only. */
const statement = (where: string): string => `
  SELECT model, provider, feature, is_batch, service_tier, sum(cost)::text AS cost, sum(input_uncached)::text AS input_uncached,
    sum(cache_read)::text AS cache_read, sum(cache_write_5m)::text AS cache_write_5m, sum(cache_write_1h)::text AS cache_write_1h,
    sum(output_total)::text AS output, CASE WHEN count(*) = count(requests) THEN sum(requests)::text END AS requests,
    (percentile_disc(0.99) WITHIN GROUP (ORDER BY input_total / greatest(requests, 1)) FILTER (WHERE requests IS NOT NULL))::text AS input_p99,
    max(ts_start) AS segment_last, max(max(ts_start)) OVER () AS last,
    (sum(sum(cost)) OVER ())::text AS priced, (sum(sum(spend)) OVER ())::text AS spend
  FROM (SELECT CASE WHEN priced THEN model_id END AS model, CASE WHEN priced THEN provider END AS provider,
          CASE WHEN priced THEN feature END AS feature, CASE WHEN priced THEN is_batch END AS is_batch,
          CASE WHEN priced THEN service_tier END AS service_tier, CASE WHEN priced THEN cost_computed END AS cost,
          ${SPEND} AS spend, input_total, input_uncached, cache_read, cache_write_5m, cache_write_1h, output_total,
          ${REQUESTS} AS requests, ts_start
        FROM (SELECT *, cost_computed IS NOT NULL AND model_id IS NOT NULL AND status <> 'cached' AS priced FROM usage_event WHERE ${where}) event) usage
  GROUP BY model, provider, feature, is_batch, service_tier
  ORDER BY (model IS NULL), sum(sum(cost)) OVER (PARTITION BY model) DESC, model, sum(cost) DESC, feature LIMIT ${SEGMENTS_MAX}`;

const segmentOf = (row: SegmentRow): TokenSegment[] =>
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
          inputP99: row.input_p99 === null ? null : Number(row.input_p99),
          last: row.segment_last,
        },
      ];
