import type { Sql } from '../../../persistence/sql.js';
import { bigintOf, SPEND, usageFilter, type UsageScope } from '../usage-scope.js';
import type { TieredSegment } from './saving.js';

/** Tokens of a segment's calls above a percentile of comparable calls. */
export interface Excess extends TieredSegment {
  readonly costNano: bigint;
  readonly tokens: bigint;
  readonly p95: bigint;
  readonly p99: bigint;
  readonly excessP95: bigint;
  readonly excessP99: bigint;
}

export interface TokenExcess {
  /** The most expensive first. */
  readonly segments: readonly Excess[];
  /** All spend in scope, nano-USD. */
  readonly spendNano: bigint;
}

/** Which tokens, and which calls are comparable: answers of a model are, the inputs of one of its features. */
const SIDES = {
  output: { column: 'output_total', within: ['model', 'provider'] },
  input: { column: 'input_uncached', within: ['model', 'provider', 'feature'] },
} as const;

const SEGMENTS_MAX = 500;

interface ExcessRow {
  /** Null: no call counts, and the row has the total alone. */
  readonly model: string | null;
  readonly provider: string | null;
  readonly feature: string | null;
  readonly is_batch: boolean | null;
  readonly service_tier: string | null;
  readonly cost: string;
  readonly tokens: string;
  readonly p95: string;
  readonly p99: string;
  readonly excess_p95: string;
  readonly excess_p99: string;
  readonly last: Date;
  readonly total: string | null;
}

/** Σ max(0, tokens − percentile) over single requests that cost something (an answer from a cache, a refused call do not), by segment and tier. */
export async function tokenExcess(
  sql: Sql,
  tenantId: string,
  { scope, side }: { scope: UsageScope; side: keyof typeof SIDES },
): Promise<TokenExcess> {
  const { where, parameters } = usageFilter(tenantId, scope);
  const rows = await sql.rows<ExcessRow>(statement(where, SIDES[side]), parameters);
  return { segments: rows.flatMap(excessOf), spendNano: bigintOf(rows[0]?.total) };
}

/**
 * One scan into a histogram of lengths; percentiles and excess come from it. What is no priced single request counts
 * in the total only.
 * `cap` is materialised: right after an import the table has no statistics, and the planner would compute it again for every group.
 */
const statement = (where: string, { column, within }: (typeof SIDES)[keyof typeof SIDES]): string => `
  WITH histogram AS MATERIALIZED (
    SELECT eligible, model_id AS model, provider, feature, is_batch, service_tier, CASE WHEN eligible THEN ${column} END AS tokens, count(*) AS calls,
      sum(cost_computed) AS cost, sum(${SPEND}) AS spend, max(ts_start) AS last
    FROM (SELECT *, row_kind = 'request' AND cost_computed > 0 AND model_id IS NOT NULL AS eligible FROM usage_event WHERE ${where}) event
    GROUP BY eligible, model_id, provider, feature, is_batch, service_tier, 7),
  ranked AS (
    SELECT ${within.join(', ')}, tokens, sum(calls) OVER (PARTITION BY ${within.join(', ')} ORDER BY tokens) AS reached,
      sum(calls) OVER (PARTITION BY ${within.join(', ')}) AS calls
    FROM histogram WHERE eligible),
  cap AS MATERIALIZED (
    SELECT ${within.join(', ')}, min(tokens) FILTER (WHERE reached >= 0.95 * calls) AS p95,
      min(tokens) FILTER (WHERE reached >= 0.99 * calls) AS p99
    FROM ranked GROUP BY ${within.join(', ')}),
  segment AS (
    SELECT h.model, h.provider, h.feature, h.is_batch, h.service_tier, sum(h.cost) AS cost, sum(h.tokens * h.calls) AS tokens,
      cap.p95, cap.p99, sum(greatest(0, h.tokens - cap.p95) * h.calls) AS excess_p95,
      sum(greatest(0, h.tokens - cap.p99) * h.calls) AS excess_p99, max(h.last) AS last
    FROM histogram h JOIN cap ON ${within.map((name) => matches(name)).join(' AND ')}
    WHERE h.eligible
    GROUP BY h.model, h.provider, h.feature, h.is_batch, h.service_tier, cap.p95, cap.p99)
  SELECT model, provider, feature, is_batch, service_tier, cost::text, tokens::text, p95::text, p99::text, excess_p95::text, excess_p99::text, last,
    total::text
  FROM (SELECT sum(spend) AS total FROM histogram) whole LEFT JOIN segment ON true
  ORDER BY segment.cost DESC, model, feature LIMIT ${SEGMENTS_MAX}`;

/** A model is never null here; with equality on it the planner can hash. */
const matches = (name: string): string =>
  name === 'model' ? 'cap.model = h.model' : `cap.${name} IS NOT DISTINCT FROM h.${name}`;

const excessOf = ({ model, ...row }: ExcessRow): Excess[] =>
  model === null
    ? []
    : [
        {
          model,
          provider: row.provider,
          feature: row.feature,
          isBatch: row.is_batch,
          serviceTier: row.service_tier,
          costNano: BigInt(row.cost),
          tokens: BigInt(row.tokens),
          p95: BigInt(row.p95),
          p99: BigInt(row.p99),
          excessP95: BigInt(row.excess_p95),
          excessP99: BigInt(row.excess_p99),
          last: row.last,
        },
      ];
