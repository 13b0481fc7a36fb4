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

const SHORTEST = [
  ...new Set([...CACHED_PREFIX_MINIMUMS.map(({ tokens }) => tokens), USUAL_CACHED_PREFIX_MINIMUM]),
].sort((a, b) => b - a);

/** Of a model's id, the shortest prefix that is cached. Constants of the table, never a caller's text. */
const MINIMUM = `CASE ${CACHED_PREFIX_MINIMUMS.map(({ model, tokens }) => `WHEN replace(lower(model), '.', '-') LIKE '%${model}%' THEN ${tokens}`).join(' ')}
  ELSE ${USUAL_CACHED_PREFIX_MINIMUM} END`;

const TTLS = Object.entries(TIMES_TO_LIVE);
const each = (sql: (name: string, seconds: number) => string): string =>
  TTLS.map(([name, seconds]) => sql(name, seconds)).join(', ');

/** Calls that name their prefix. Where two begin at the same moment their ids decide which is first: the same every time. */
const calls = (where: string): string => `
    SELECT hashtextextended(source_row_id, 0) AS call, model_id AS model, provider, feature, is_batch, service_tier, input_total, input_uncached,
      input_total - input_uncached AS cached, ts_start, cost_computed AS cost, prefix_hash, tags
    FROM usage_event
    WHERE ${where} AND cost_computed IS NOT NULL AND model_id IS NOT NULL AND prefix_hash IS NOT NULL AND row_kind = 'request'
      AND status <> 'cached'`;

/** How long it is since the one before in the window, and until the next one; a null is never within a time to live. */
const GAPS = 'ts_start - lag(ts_start) OVER same AS since, lead(ts_start) OVER same - ts_start AS until';
const isWithin = (gap: string, seconds: number): string => `coalesce(${gap} <= interval '${seconds} seconds', false)`;

const SEGMENT = 'model, provider, feature, is_batch, service_tier';
/** Tokens by what a cache with each time to live would have done with them. */
const TRAFFIC = each(
  (name) => `
    sum(tokens) FILTER (WHERE served_${name}) AS read_${name},
    sum(tokens) FILTER (WHERE NOT served_${name}) AS written_${name},
    sum(tokens) FILTER (WHERE NOT served_${name} AND again_${name}) AS of_use_${name}`,
);

/**
 * With a prefix hash alone the shared part is at most the shortest call that has it. Model and prefix are one number: texts sort slowly, and one
 * sort and one window serve all. `reaches`: the largest of the providers' minimums that the shared part reaches.
 */
const whole = (where: string): string => `
  SELECT ${SEGMENT}, CASE ${SHORTEST.map((tokens) => `WHEN shared >= ${tokens} THEN ${tokens}`).join(' ')} ELSE 0 END AS reaches, sum(cost) AS cost,
    max(ts_start) AS last, ${TRAFFIC}
  FROM (
    SELECT *, greatest(0, least(shared - cached, input_uncached)) AS tokens,
      ${each((name, seconds) => `${isWithin('since', seconds)} AS served_${name}, ${isWithin('until', seconds)} AS again_${name}`)}
    FROM (
      SELECT *, min(input_total) OVER same AS shared, ${GAPS}
      FROM (SELECT *, hashtextextended(prefix_hash, hashtextextended(model, 0)) AS prefix FROM (${calls(where)}) call
            WHERE tags -> 'prefix_blocks' IS NULL) event
      WINDOW same AS (PARTITION BY prefix ORDER BY ts_start, call ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)) timed) used
  GROUP BY ${SEGMENT}, reaches`;

/**
 * A source that knows its prompts by blocks (tags.prefix_blocks; an id stands for its block and all before it) says exactly which tokens come
 * again. What must be alike to come again (model, block, and whether the call is long enough) is one number, the slot. Relies on
 * usage_event_blocks: most usage has none.
 */
const part = (where: string): string => `
  SELECT call, ${SEGMENT}, hashint8extended(id::bigint, hashtextextended(model, (input_total >= least_tokens)::int)) AS slot,
    ts_start, CASE WHEN place = 1 THEN cost ELSE 0 END AS cost, least(place * block_tokens, input_total) AS reach, least_tokens,
    CASE WHEN input_total >= least_tokens AND place * block_tokens > cached
      THEN greatest(0, least(block_tokens, input_total - (place - 1) * block_tokens)) ELSE 0 END AS tokens
  FROM (SELECT *, tags -> 'prefix_blocks' AS blocks, coalesce((tags ->> 'block_tokens')::int, 512) AS block_tokens, ${MINIMUM} AS least_tokens
        FROM (${calls(where)} AND tags ? 'prefix_blocks') call) event
    CROSS JOIN LATERAL jsonb_array_elements_text(CASE WHEN jsonb_typeof(blocks) = 'array' THEN blocks END) WITH ORDINALITY AS block (id, place)`;

/** A block is served where what comes again of its call reaches the provider's minimum, counted from the beginning of the prompt. */
const BLOCKS = `
  SELECT ${SEGMENT}, NULL::int AS reaches, sum(cost) AS cost, max(ts_start) AS last, ${TRAFFIC}
  FROM (
    SELECT ${SEGMENT}, ts_start, cost, tokens, ${each(
      (name, seconds) => `
      ${isWithin('since', seconds)} AND coalesce(hit.reach_${name} >= least_tokens, false) AS served_${name},
      ${isWithin('until', seconds)} AND coalesce(next.reach_${name} >= least_tokens, false) AS again_${name}`,
    )}
    FROM seen LEFT JOIN hit USING (call) LEFT JOIN hit next ON next.call = seen.next_call) used
  GROUP BY ${SEGMENT}`;

/** Calls and blocks that are too short for the provider's cache put nothing into it: they count no tokens. */
const statement = (where: string): string => `
  WITH part AS (${part(where)}),
  seen AS (
    SELECT *, lead(call) OVER same AS next_call, ${GAPS}
    FROM part WINDOW same AS (PARTITION BY slot ORDER BY ts_start, call)),
  hit AS (
    SELECT call, ${each((name, seconds) => `max(reach) FILTER (WHERE ${isWithin('since', seconds)}) AS reach_${name}`)}
    FROM seen GROUP BY call),
  used AS (SELECT *, coalesce(reaches >= ${MINIMUM}, true) AS long FROM (${whole(where)} UNION ALL ${BLOCKS}) apart)
  SELECT ${SEGMENT}, sum(cost)::text AS cost, max(last) AS last,
    ${each(
      (name) => `
    sum(read_${name}) FILTER (WHERE long)::text AS read_${name}, sum(written_${name}) FILTER (WHERE long)::text AS written_${name},
    sum(of_use_${name}) FILTER (WHERE long)::text AS of_use_${name}`,
    )}
  FROM used GROUP BY ${SEGMENT} ORDER BY sum(cost) DESC, model, feature LIMIT ${SEGMENTS_MAX}`;
