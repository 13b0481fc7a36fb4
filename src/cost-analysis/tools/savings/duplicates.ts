import type { Sql } from '../../../persistence/sql.js';
import { bigintOf, usageFilter, type UsageScope } from '../usage-scope.js';
import type { Segment } from './saving.js';

/** Answers that were asked for again while a kept copy would still have been good. */
export interface Duplicates extends Segment {
  readonly repeatedCalls: bigint;
  readonly repeatedNano: bigint;
  /** The part of it where the same prompt surely has the same answer: embeddings. */
  readonly certainNano: bigint;
  /** Cost of all calls of the segment that name their prompt. */
  readonly hashedNano: bigint;
  readonly last: Date;
}

/** How long a kept answer is taken for good. */
export const DUPLICATE_SECONDS = 3600;
const SEGMENTS_MAX = 500;

interface DuplicateRow {
  readonly model: string;
  readonly provider: string | null;
  readonly feature: string | null;
  readonly repeated: string;
  readonly cost: string;
  readonly certain: string | null;
  readonly hashed: string;
  readonly last: Date;
}

/** (n − 1) · mean cost over each prompt of a model within each span of DUPLICATE_SECONDS; the most expensive segments first. */
export async function duplicates(sql: Sql, tenantId: string, scope: UsageScope): Promise<Duplicates[]> {
  const { where, parameters } = usageFilter(tenantId, scope);
  const rows = await sql.rows<DuplicateRow>(statement(where), parameters);
  return rows.map((row) => ({
    model: row.model,
    provider: row.provider,
    feature: row.feature,
    repeatedCalls: BigInt(row.repeated),
    repeatedNano: BigInt(row.cost),
    certainNano: bigintOf(row.certain),
    hashedNano: BigInt(row.hashed),
    last: row.last,
  }));
}

const REPEATED = 'cost * (calls - 1) / calls';

/** Spans follow one another without a gap: cheaper than a span from each first call, and it finds a little less, never more. */
const statement = (where: string): string => `
  SELECT model, provider, feature, sum(calls - 1)::text AS repeated, coalesce(trunc(sum(${REPEATED}) FILTER (WHERE calls > 1)), 0)::text AS cost,
    trunc(sum(${REPEATED}) FILTER (WHERE certain AND calls > 1))::text AS certain, sum(cost)::text AS hashed, max(last) AS last
  FROM (SELECT model_id AS model, provider, feature, operation LIKE '%embed%' AS certain, hashtextextended(prompt_hash, 0) AS prompt,
          date_bin('${DUPLICATE_SECONDS} s', ts_start, 'epoch') AS span, count(*) AS calls, sum(cost_computed) AS cost, max(ts_start) AS last
        FROM usage_event
        WHERE ${where} AND cost_computed IS NOT NULL AND model_id IS NOT NULL AND prompt_hash IS NOT NULL AND row_kind = 'request'
          AND status = 'ok'
        GROUP BY model_id, provider, feature, certain, prompt, span) asked
  GROUP BY model, provider, feature ORDER BY coalesce(sum(${REPEATED}) FILTER (WHERE calls > 1), 0) DESC, model, feature LIMIT ${SEGMENTS_MAX}`;
