import type { Sql } from '../../../persistence/sql.js';
import { bigintOf, REQUESTS, usageByTime, type UsageScope } from '../usage-scope.js';
import type { Segment } from './saving.js';

/** Work of a segment that is neither streamed nor batch yet, and what speaks for it being able to wait. */
export interface BatchWork extends Segment {
  readonly costNano: bigint;
  readonly inputUncached: number;
  readonly cacheRead: number;
  readonly cacheWrite5m: number;
  readonly cacheWrite1h: number;
  readonly output: number;
  readonly requests: number | null;
  /** The part of the rows that a tag calls batch work and that are surely not streamed, by cost. */
  readonly taggedNano: bigint;
  /** Days on which there was such work; days from the first to the last; rows at night and all rows; rows whose hour is known. */
  readonly days: number;
  readonly spanDays: number;
  readonly rows: number;
  readonly nightRows: number;
  readonly timedRows: number;
  readonly last: Date;
}

const SEGMENTS_MAX = 500;
/** From ten in the evening to six, as the clocks of the scope's zone show it. */
const NIGHT = { hoursBeforeMidnight: 2, hours: 8 } as const;

type Sums = Record<'cost' | 'input_uncached' | 'cache_read' | 'cache_write_5m' | 'cache_write_1h' | 'output', string>;

interface BatchRow extends Sums {
  readonly model: string;
  readonly provider: string | null;
  readonly feature: string | null;
  readonly requests: string | null;
  readonly tagged: string | null;
  readonly days: number;
  readonly span_days: number;
  readonly rows: number;
  readonly night_rows: number;
  readonly timed_rows: number;
  readonly last: Date;
}

/** The most expensive segments first. */
export async function batchWork(sql: Sql, tenantId: string, scope: UsageScope): Promise<BatchWork[]> {
  const { where, parameters, civil, shown } = usageByTime(tenantId, scope);
  const rows = await sql.rows<BatchRow>(
    statement(where, { civil: civil('ts_start'), shown: shown('ts_start') }),
    parameters,
  );
  return rows.map((row) => ({
    model: row.model,
    provider: row.provider,
    feature: row.feature,
    costNano: BigInt(row.cost),
    inputUncached: Number(row.input_uncached),
    cacheRead: Number(row.cache_read),
    cacheWrite5m: Number(row.cache_write_5m),
    cacheWrite1h: Number(row.cache_write_1h),
    output: Number(row.output),
    requests: row.requests === null ? null : Number(row.requests),
    taggedNano: bigintOf(row.tagged),
    days: row.days,
    spanDays: row.span_days,
    rows: row.rows,
    nightRows: row.night_rows,
    timedRows: row.timed_rows,
    last: row.last,
  }));
}

/**
 * By day first, for distinct days are counted by sorting. Reading the clocks of a zone takes time for each row: once for the day, once for the hour,
 * which is a time of day that begins at dusk. The hour of a bucket is known when it covers no more than two. A tag counts as a whole
 * word, as a name or as a value.
 */
const statement = (where: string, start: { readonly civil: string; readonly shown: string }): string => `
  SELECT model, provider, feature, sum(cost)::text AS cost, sum(input_uncached)::text AS input_uncached, sum(cache_read)::text AS cache_read,
    sum(cache_write_5m)::text AS cache_write_5m, sum(cache_write_1h)::text AS cache_write_1h, sum(output)::text AS output,
    CASE WHEN sum(rows) = sum(counted) THEN sum(requests)::text END AS requests, sum(tagged)::text AS tagged,
    count(*)::int AS days, (max(day)::date - min(day)::date + 1)::int AS span_days, sum(rows)::int AS rows,
    sum(night_rows)::int AS night_rows, sum(timed_rows)::int AS timed_rows, max(last) AS last
  FROM (
    SELECT model_id AS model, provider, feature, day AT TIME ZONE 'UTC' AS day, sum(cost_computed) AS cost, sum(input_uncached) AS input_uncached,
      sum(cache_read) AS cache_read, sum(cache_write_5m) AS cache_write_5m, sum(cache_write_1h) AS cache_write_1h, sum(output_total) AS output,
      count(calls) AS counted, sum(calls) AS requests, sum(cost_computed) FILTER (WHERE tagged) AS tagged, count(*) AS rows,
      count(*) FILTER (WHERE timed AND since_dusk < '${NIGHT.hours}:00') AS night_rows,
      count(*) FILTER (WHERE timed) AS timed_rows, max(ts_start) AS last
    FROM (SELECT *, ${REQUESTS} AS calls, date_bin('1 day', ${start.shown}, 'epoch') AS day,
            ${start.civil}::time + interval '${NIGHT.hoursBeforeMidnight} hours' AS since_dusk,
            row_kind = 'request' OR ts_end - ts_start <= interval '2 hours' AS timed,
            stream IS FALSE AND tags IS NOT NULL AND tags::text ~* '"(batch|offline|async|background)"'
              AND tags::text !~* '"(batch|offline|async|background)": *"?(false|no|0)' AS tagged
          FROM usage_event
          WHERE ${where} AND cost_computed > 0 AND model_id IS NOT NULL AND stream IS NOT TRUE AND is_batch IS NOT TRUE
            AND coalesce(service_tier, '') NOT IN ('batch', 'flex')) work
    GROUP BY model_id, provider, feature, day) daily
  GROUP BY model, provider, feature ORDER BY sum(cost) DESC, model, feature LIMIT ${SEGMENTS_MAX}`;
