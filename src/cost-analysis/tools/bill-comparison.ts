import type { JsonObject } from '../../context/json.js';
import type { Sql } from '../../persistence/sql.js';
import { usdDecimal } from '../prices/money.js';
import { idPart } from './fact-id.js';
import type { FactSheet } from './fact-sheet.js';
import { UTC } from './time-zone.js';
import { bigintOf, LAST_MOMENT, SPEND, usageFilter, type UsageScope } from './usage-scope.js';

/** What one provider billed, and what the usage of the same days comes to; nano-USD as numeric text. */
export interface BilledProvider {
  readonly provider: string;
  readonly billed: string;
  /** Null: there is no usage on any of those days, so that the bill is the spend. */
  readonly used: string | null;
  readonly days: string;
}

const PROVIDERS_MAX = 10;

/** The bills of a tenant beside its usage; empty without a bill. Days are those of UTC in any zone: a bill is of them, and so is its usage. */
export async function billedProviders(sql: Sql, tenantId: string, scope: UsageScope): Promise<BilledProvider[]> {
  const { where, parameters } = usageFilter(tenantId, { ...scope, time_zone: UTC }, 'all');
  const bill = await sql.row(`SELECT 1 AS found FROM usage_event WHERE ${where} AND is_bill LIMIT 1`, parameters);
  return bill === undefined ? [] : sql.rows<BilledProvider>(statement(where), parameters);
}

/** Facts and rows of the comparison; it adds to the sheet and answers the rows. */
export function billRows(sheet: FactSheet, bills: readonly BilledProvider[]): JsonObject[] {
  return bills.map(({ provider, billed, used, days }) => {
    const prefix = `bill.${idPart(provider)}.`;
    const total = sheet.usd(`${prefix}billed`, bigintOf(billed), {
      formula: 'Σ lines of the bill',
      inputs: ['cost_reported'],
    });
    const row = { kind: 'bill', name: provider, days, billed_usd: usdDecimal(bigintOf(billed)), billed_fact: total };
    if (used === null) return { ...row, usage_usd: null, usage_fact: null, gap_fact: null, gap_percent_fact: null };
    const usage = sheet.usd(`${prefix}usage`, bigintOf(used), {
      formula: 'Σ cost of the usage on the days of the bill',
      inputs: ['cost_computed', 'cost_reported'],
    });
    const difference = bigintOf(billed) - bigintOf(used);
    const gap = sheet.usd(`${prefix}gap`, difference, { formula: 'billed − usage', inputs: [total, usage] });
    const percent = sheet.percent(
      `${prefix}gap_percent`,
      { part: difference, whole: bigintOf(used) },
      { formula: 'gap ÷ usage', inputs: [gap, usage] },
    );
    const facts = { usage_fact: usage, gap_fact: gap, gap_percent_fact: percent ?? null };
    return { ...row, usage_usd: usdDecimal(bigintOf(used)), ...facts };
  });
}

/** A FOCUS export that repeats a provider's own bill is left out, as it is where it would be spend. */
const statement = (where: string): string => `
  WITH scoped AS (
    SELECT provider, is_bill, source = 'focus' AS is_copy, ${SPEND} AS spend, (ts_start AT TIME ZONE 'UTC')::date AS first_day,
      (${LAST_MOMENT} AT TIME ZONE 'UTC')::date AS last_day
    FROM usage_event WHERE ${where}),
  bill AS (
    SELECT * FROM scoped WHERE is_bill AND NOT (is_copy AND EXISTS (
      SELECT FROM scoped own WHERE own.is_bill AND NOT own.is_copy AND own.provider = scoped.provider
        AND own.first_day <= scoped.last_day AND own.last_day >= scoped.first_day))),
  day AS (SELECT DISTINCT provider, generate_series(first_day, last_day, interval '1 day')::date AS day FROM bill),
  used AS (
    SELECT day.provider, sum(scoped.spend) AS used FROM day JOIN scoped
      ON NOT scoped.is_bill AND scoped.provider = day.provider AND scoped.first_day = day.day GROUP BY day.provider)
  SELECT bill.provider, sum(bill.spend)::text AS billed, max(used.used)::text AS used,
    (SELECT count(*) FROM day WHERE day.provider = bill.provider)::text AS days
  FROM bill LEFT JOIN used USING (provider) WHERE bill.provider IS NOT NULL
  GROUP BY bill.provider ORDER BY sum(bill.spend) DESC, bill.provider LIMIT ${PROVIDERS_MAX}`;
