import type { Sql } from '../../../persistence/sql.js';
import { bigintOf, usageFilter, type UsageScope } from '../usage-scope.js';
import { CACHED_PREFIX_MINIMUMS, USUAL_CACHED_PREFIX_MINIMUM } from './cached-prefix-minimum.table.js';
import type { TieredSegment } from './saving.js';

/** Uncached input tokens by what a prompt cache with one time to live would do with them. */
export interface CacheTraffic {
  /** Seen within the time to live before: read from the cache. */
  readonly read: bigint;
  /** Not seen: written to it, when everything is cached. */
  readonly written: bigint;
  /** Those of the written ones that are read again in time: all that is written when only what pays is cached. */
  readonly writtenOfUse: bigint;
}

export interface CacheReuse extends TieredSegment {
  readonly costNano: bigint;
  readonly minutes5: CacheTraffic;
  readonly hour1: CacheTraffic;
}

const SEGMENTS_MAX = 500;
const TIMES_TO_LIVE = { m5: 300, h1: 3600 } as const;

type TrafficRow = Record<`${'read' | 'written' | 'of_use'}_${keyof typeof TIMES_TO_LIVE}`, string | null>;

interface ReuseRow extends TrafficRow {
  readonly model: string;
  readonly provider: string | null;
  readonly feature: string | null;
  readonly is_batch: boolean | null;
  readonly service_tier: string | null;
  readonly cost: string;
  readonly last: Date;
}

/** How often prefixes come again, by segment and tier of service, the most expensive first. */
export async function cacheReuse(sql: Sql, tenantId: string, scope: UsageScope): Promise<CacheReuse[]> {
  const { where, parameters } = usageFilter(tenantId, scope);
  const rows = await sql.rows<ReuseRow>(statement(where), parameters);
  return rows.map((row) => ({
    model: row.model,
    provider: row.provider,
    feature: row.feature,
    isBatch: row.is_batch,
    serviceTier: row.service_tier,
    costNano: BigInt(row.cost),
    minutes5: traffic(row, 'm5'),
    hour1: traffic(row, 'h1'),
    last: row.last,
  }));
}

const traffic = (row: ReuseRow, ttl: keyof typeof TIMES_TO_LIVE): CacheTraffic => ({
  read: bigintOf(row[`read_${ttl}`]),
  written: bigintOf(row[`written_${ttl}`]),
  writtenOfUse: bigintOf(row[`of_use_${ttl}`]),
});

/** Of a model's id, the shortest prefix that is cached. Constants of the table, never a caller's text. */
const MINIMUM = `CASE ${CACHED_PREFIX_MINIMUMS.map(({ model, tokens }) => `WHEN replace(lower(model), '.', '-') LIKE '%${model}%' THEN ${tokens}`).join(' ')}
  ELSE ${USUAL_CACHED_PREFIX_MINIMUM} END`;

const TTLS = Object.entries(TIMES_TO_LIVE);
const each = (sql: (name: string, seconds: number) => string): string =>
  TTLS.map(([name, seconds]) => sql(name, seconds)).join(', ');

/** Calls that name their prefix. Where two begin at the same moment their ids decide which is first: the same every time. */
const calls = (where: string): string => `
    SELECT hashtextextended(source_row_id, 0) AS call, model_id AS model, provider, feature, is_batch, service_tier, hashtextextended(prefix_hash, hashtextextended(model_id, 0)) AS prefix,
      tags -> 'prefix_blocks' AS blocks, coalesce((tags ->> 'block_tokens')::int, 512) AS block_tokens, input_total, input_uncached,
      input_total - input_uncached AS cached, ts_start, cost_computed AS cost
    FROM usage_event
    WHERE ${where} AND cost_computed IS NOT NULL AND model_id IS NOT NULL AND prefix_hash IS NOT NULL AND row_kind = 'request'
      AND status <> 'cached'`;

/** How long it is since the one before in the window, and until the next one; a null is never within a time to live. */
const GAPS = 'ts_start - lag(ts_start) OVER same AS since, lead(ts_start) OVER same - ts_start AS until';
const isWithin = (gap: string, seconds: number): string => `coalesce(${gap} <= interval '${seconds} seconds', false)`;

/**
 * With a prefix hash alone the shared part is at most the shortest call that has it. Model and prefix are one number: texts sort slowly, and one
 * sort serves both windows.
 */
const WHOLE = `
  SELECT model, provider, feature, is_batch, service_tier, ts_start, cost,
    CASE WHEN shared >= least_tokens THEN greatest(0, least(shared - cached, input_uncached)) ELSE 0 END AS tokens,
    ${each((name, seconds) => `${isWithin('since', seconds)} AS served_${name}, ${isWithin('until', seconds)} AS again_${name}`)}
  FROM (
    SELECT *, min(input_total) OVER (PARTITION BY prefix) AS shared, ${GAPS}
    FROM event WHERE blocks IS NULL WINDOW same AS (PARTITION BY prefix ORDER BY ts_start, call)
  ) whole JOIN minimum USING (model)`;

/**
 * A source that knows its prompts by blocks (tags.prefix_blocks; an id stands for its block and all before it) says exactly which tokens come
 * again. What must be alike to come again (model, block, and whether the call is long enough) is one number, the slot.
 */
const PARTS = `
  SELECT call, model, provider, feature, is_batch, service_tier, hashint8extended(id::bigint, hashtextextended(model, (input_total >= least_tokens)::int)) AS slot,
    ts_start, CASE WHEN place = 1 THEN cost ELSE 0 END AS cost, least(place * block_tokens, input_total) AS reach, least_tokens,
    CASE WHEN input_total >= least_tokens AND place * block_tokens > cached
      THEN greatest(0, least(block_tokens, input_total - (place - 1) * block_tokens)) ELSE 0 END AS tokens
  FROM event JOIN minimum USING (model) CROSS JOIN LATERAL jsonb_array_elements_text(blocks) WITH ORDINALITY AS block (id, place)
  WHERE jsonb_typeof(blocks) = 'array'`;

/** A block is served where what comes again of its call reaches the provider's minimum, counted from the beginning of the prompt. */
const BLOCKS = `
  SELECT model, provider, feature, is_batch, service_tier, ts_start, cost, tokens, ${each(
    (name, seconds) => `
    ${isWithin('since', seconds)} AND coalesce(hit.reach_${name} >= least_tokens, false) AS served_${name},
    ${isWithin('until', seconds)} AND coalesce(next.reach_${name} >= least_tokens, false) AS again_${name}`,
  )}
  FROM seen LEFT JOIN hit USING (call) LEFT JOIN hit next ON next.call = seen.next_call`;

/** Calls and blocks that are too short for the provider's cache put nothing into it: they count no tokens. */
const statement = (where: string): string => `
  WITH event AS (${calls(where)}),
  minimum AS MATERIALIZED (SELECT model, ${MINIMUM} AS least_tokens FROM (SELECT DISTINCT model FROM event) used),
  part AS (${PARTS}),
  seen AS (
    SELECT *, lead(call) OVER same AS next_call, ${GAPS}
    FROM part WINDOW same AS (PARTITION BY slot ORDER BY ts_start, call)),
  hit AS (
    SELECT call, ${each((name, seconds) => `max(reach) FILTER (WHERE ${isWithin('since', seconds)}) AS reach_${name}`)}
    FROM seen GROUP BY call)
  SELECT model, provider, feature, is_batch, service_tier, sum(cost)::text AS cost, max(ts_start) AS last,
    ${each(
      (name) => `
    sum(tokens) FILTER (WHERE served_${name})::text AS read_${name},
    sum(tokens) FILTER (WHERE NOT served_${name})::text AS written_${name},
    sum(tokens) FILTER (WHERE NOT served_${name} AND again_${name})::text AS of_use_${name}`,
    )}
  FROM (${WHOLE} UNION ALL ${BLOCKS}) used
  GROUP BY model, provider, feature, is_batch, service_tier ORDER BY sum(cost) DESC, model, feature LIMIT ${SEGMENTS_MAX}`;
