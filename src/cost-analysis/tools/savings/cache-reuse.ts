import type { Sql } from '../../../persistence/sql.js';
import { bigintOf, usageFilter, type UsageScope } from '../usage-scope.js';
import type { Segment } from './saving.js';

/** Uncached input tokens by what a prompt cache with one time to live would do with them. */
export interface CacheTraffic {
  /** Seen within the time to live before: read from the cache. */
  readonly read: bigint;
  /** Not seen: written to it, when everything is cached. */
  readonly written: bigint;
  /** Those of the written ones that are read again in time: all that is written when only what pays is cached. */
  readonly writtenOfUse: bigint;
}

export interface CacheReuse extends Segment {
  readonly costNano: bigint;
  readonly minutes5: CacheTraffic;
  readonly hour1: CacheTraffic;
  readonly last: Date;
}

const SEGMENTS_MAX = 500;
const TIMES_TO_LIVE = { m5: 300, h1: 3600 } as const;
/** Providers cache no prefix that is shorter. */
const PREFIX_TOKENS_MIN = 1024;

type TrafficRow = Record<`${'read' | 'written' | 'of_use'}_${keyof typeof TIMES_TO_LIVE}`, string | null>;

interface ReuseRow extends TrafficRow {
  readonly model: string;
  readonly provider: string | null;
  readonly feature: string | null;
  readonly cost: string;
  readonly last: Date;
}

/** How often prefixes come again, by segment, the most expensive first. */
export async function cacheReuse(sql: Sql, tenantId: string, scope: UsageScope): Promise<CacheReuse[]> {
  const { where, parameters } = usageFilter(tenantId, scope);
  const rows = await sql.rows<ReuseRow>(statement(where), parameters);
  return rows.map((row) => ({
    model: row.model,
    provider: row.provider,
    feature: row.feature,
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

/**
 * A source that knows its prompts by blocks (tags.prefix_blocks; an id stands for its block and all before it) says exactly which tokens come
 * again. With a prefix hash alone the shared part is at most the shortest call that has it. Hashes are compared as numbers: texts sort slowly.
 */
const statement = (where: string): string => `
  WITH event AS (
    SELECT model_id AS model, provider, feature, hashtextextended(prefix_hash, 0) AS prefix, tags -> 'prefix_blocks' AS blocks,
      coalesce((tags ->> 'block_tokens')::int, 512) AS block_tokens, input_total, input_uncached, input_total - input_uncached AS cached,
      ts_start, cost_computed AS cost
    FROM usage_event
    WHERE ${where} AND cost_computed IS NOT NULL AND model_id IS NOT NULL AND prefix_hash IS NOT NULL AND row_kind = 'request'
      AND status <> 'cached'),
  part AS (
    SELECT model, provider, feature, prefix AS key, ts_start, cost,
      CASE WHEN min(input_total) OVER (PARTITION BY model, prefix) >= ${PREFIX_TOKENS_MIN}
        THEN greatest(0, least(min(input_total) OVER (PARTITION BY model, prefix) - cached, input_uncached)) ELSE 0 END AS tokens
    FROM event WHERE blocks IS NULL
    UNION ALL
    SELECT model, provider, feature, id::bigint, ts_start, CASE WHEN place = 1 THEN cost ELSE 0 END,
      CASE WHEN input_total >= ${PREFIX_TOKENS_MIN} AND place * block_tokens > cached
        THEN greatest(0, least(block_tokens, input_total - (place - 1) * block_tokens)) ELSE 0 END
    FROM event CROSS JOIN LATERAL jsonb_array_elements_text(blocks) WITH ORDINALITY AS block (id, place)
    WHERE jsonb_typeof(blocks) = 'array'),
  used AS (
    SELECT model, provider, feature, tokens, cost, ts_start,
      coalesce(extract(epoch FROM ts_start - lag(ts_start) OVER same), 'infinity') AS since,
      coalesce(extract(epoch FROM lead(ts_start) OVER same - ts_start), 'infinity') AS until
    FROM part WINDOW same AS (PARTITION BY model, key ORDER BY ts_start))
  SELECT model, provider, feature, sum(cost)::text AS cost, max(ts_start) AS last,
    ${Object.entries(TIMES_TO_LIVE)
      .map(
        ([name, seconds]) => `
    sum(tokens) FILTER (WHERE since <= ${seconds})::text AS read_${name},
    sum(tokens) FILTER (WHERE since > ${seconds})::text AS written_${name},
    sum(tokens) FILTER (WHERE since > ${seconds} AND until <= ${seconds})::text AS of_use_${name}`,
      )
      .join(',')}
  FROM used GROUP BY model, provider, feature ORDER BY sum(cost) DESC, model, feature LIMIT ${SEGMENTS_MAX}`;
