import type { Sql } from '../../persistence/sql.js';
import type { FactSheet } from './fact-sheet.js';
import { bigintOf, usageFilter, type UsageScope } from './usage-scope.js';

/** Buckets and lines of bills of which an import said another cost than the one that counts, and by how much the two differ. */
export interface RestatedCosts {
  readonly rows: number;
  readonly differenceNano: bigint;
}

/**
 * Also of bills that are only compared with usage. Rows that share an identity are summed: another export may list them in another order, far from
 * each other, and then says nothing else. Uses usage_event_restated.
 */
export async function restatedCosts(sql: Sql, tenantId: string, scope: UsageScope): Promise<RestatedCosts> {
  const { where, parameters } = usageFilter(tenantId, scope, 'all');
  const row = await sql.row<{ rows: number | null; difference: string | null }>(
    `SELECT sum(rows)::int AS rows, sum(difference)::text AS difference FROM (
       SELECT count(*) AS rows, sum(cost_reported - cost_restated) AS difference FROM usage_event
       WHERE ${where} AND cost_restated IS NOT NULL GROUP BY source, regexp_replace(source_row_id, '#[0-9]+$', '')
     ) AS bucket WHERE difference <> 0`,
    parameters,
  );
  return { rows: row?.rows ?? 0, differenceNano: bigintOf(row?.difference) };
}

/** Adds nothing where nothing was said otherwise. */
export function addRestatedCosts(sheet: FactSheet, { rows, differenceNano }: RestatedCosts): string[] {
  if (rows === 0) return [];
  sheet.count('restated_rows', rows, {
    formula: 'buckets and lines of bills of which another import says another cost',
    inputs: ['cost_restated'],
  });
  sheet.usd('restated_difference', differenceNano, {
    formula: 'Σ (cost that is kept − cost that the other import says)',
    inputs: ['cost_reported', 'cost_restated'],
  });
  return ['Some buckets or lines of bills were imported again with another cost; the larger one is kept.'];
}
