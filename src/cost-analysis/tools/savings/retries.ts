import type { Sql } from '../../../persistence/sql.js';
import { bigintOf, REQUESTS, usageFilter, type UsageScope } from '../usage-scope.js';
import type { Segment } from './saving.js';

/** Billed calls of a segment that brought nothing. */
export interface Retries extends Segment {
  /** Calls that failed, and calls that were broken off and made again; null where a bucket does not count its calls. */
  readonly failedCalls: bigint | null;
  readonly repeatedCalls: bigint;
  readonly costNano: bigint;
  readonly last: Date;
}

/** A call that is made again within this time belongs to the same retry. */
export const RETRY_SECONDS = 60;
const SEGMENTS_MAX = 500;

interface RetryRow {
  readonly model: string;
  readonly provider: string | null;
  readonly feature: string | null;
  readonly failed: string | null;
  readonly repeated: string;
  readonly cost: string;
  readonly last: Date;
}

/**
 * What failed calls cost, and all but the last of a retry group (same prompt, at most RETRY_SECONDS apart, the earlier one not ok). The most
 * expensive segments first. An attempt that was not billed, or has no price, belongs to its group too; only what it cost is not known to be wasted.
 */
export async function retries(sql: Sql, tenantId: string, scope: UsageScope): Promise<Retries[]> {
  const { where, parameters } = usageFilter(tenantId, scope);
  const rows = await sql.rows<RetryRow>(statement(where), parameters);
  return rows.map((row) => ({
    model: row.model,
    provider: row.provider,
    feature: row.feature,
    failedCalls: row.failed === null ? null : BigInt(row.failed),
    repeatedCalls: bigintOf(row.repeated),
    costNano: BigInt(row.cost),
    last: row.last,
  }));
}

/** Calls that brought nothing are few. All others are looked at only where some were broken off, and then once. */
const statement = (where: string): string => `
  WITH failed AS MATERIALIZED (
    SELECT model_id AS model, provider, feature, status, prompt_hash, ${REQUESTS} AS requests, cost_computed AS cost, ts_start
    FROM usage_event WHERE ${where} AND cost_computed > 0 AND model_id IS NOT NULL AND status IN ('error', 'aborted')),
  waste AS (
    SELECT model, provider, feature, requests AS failed, 0 AS repeated, cost, ts_start FROM failed WHERE status = 'error'
    UNION ALL
    SELECT model, provider, feature, 0, 1, cost, ts_start FROM failed aborted
    WHERE status = 'aborted' AND EXISTS (
      SELECT FROM (SELECT prompt_hash, ts_start FROM usage_event
                   WHERE ${where} AND prompt_hash IS NOT NULL) later
      WHERE later.prompt_hash = aborted.prompt_hash AND later.ts_start > aborted.ts_start
        AND later.ts_start <= aborted.ts_start + interval '${RETRY_SECONDS} seconds'))
  SELECT model, provider, feature, CASE WHEN count(*) = count(failed) THEN sum(failed)::text END AS failed,
    sum(repeated)::text AS repeated, sum(cost)::text AS cost, max(ts_start) AS last
  FROM waste GROUP BY model, provider, feature ORDER BY sum(cost) DESC, model, feature LIMIT ${SEGMENTS_MAX}`;
