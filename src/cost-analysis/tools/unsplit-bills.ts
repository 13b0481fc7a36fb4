import type { JsonObject } from '../../context/json.js';
import type { Sql } from '../../persistence/sql.js';
import { DIMENSION_COLUMNS, DIMENSIONS, usageFilter, type Dimension, type UsageScope } from './usage-scope.js';

/** Bills that say nothing of what a question limits itself to: whether they hold a part of it is not known. */
export interface UnsplitBills {
  readonly providers: readonly string[];
  readonly dimensions: readonly Dimension[];
}

/** Undefined where there is no bill in this time, or where bills name what the scope is limited to, for others. */
export async function unsplitBills(
  sql: Sql,
  tenantId: string,
  { from, to, where: limits = {} }: UsageScope,
): Promise<UnsplitBills | undefined> {
  const asked = DIMENSIONS.filter((dimension) => dimension !== 'provider' && limits[dimension] !== undefined);
  if (asked.length === 0) return undefined;
  const provider = limits.provider === undefined ? undefined : { provider: limits.provider };
  const { where, parameters } = usageFilter(tenantId, { from, to, where: provider }, 'all');
  const row = await sql.row<{ providers: string[] | null; named: number[] }>(
    `SELECT array_agg(DISTINCT provider) FILTER (WHERE provider IS NOT NULL) AS providers,
       ARRAY[${asked.map((dimension) => `count(${DIMENSION_COLUMNS[dimension]})`).join(', ')}]::int[] AS named
     FROM usage_event WHERE ${where} AND is_bill`,
    parameters,
  );
  const dimensions = asked.filter((_, at) => row?.named[at] === 0);
  const providers = row?.providers ?? [];
  return providers.length === 0 || dimensions.length === 0 ? undefined : { providers, dimensions };
}

/** "team and feature", as a sentence has it. */
export const unsplitRow = ({ providers, dimensions }: UnsplitBills): JsonObject => ({
  kind: 'unsplit_bill',
  name: providers.join(', '),
  by: dimensions.map((dimension) => dimension.replace('_', ' ')).join(' and '),
});
