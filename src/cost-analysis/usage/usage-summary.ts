import { Injectable } from '@nestjs/common';
import { Database } from '../../persistence/database.js';

export const SUMMARY_DIMENSIONS = [
  'model',
  'provider',
  'team',
  'project',
  'feature',
  'user',
  'source',
  'status',
  'operation',
] as const;
export type SummaryDimension = (typeof SUMMARY_DIMENSIONS)[number];
export const SUMMARY_GRAINS = ['total', 'hour', 'day', 'week', 'month'] as const;
export type SummaryGrain = (typeof SUMMARY_GRAINS)[number];

export interface SummaryRequest {
  readonly tenantId: string;
  readonly from: Date | undefined;
  /** Exclusive. */
  readonly to: Date | undefined;
  /** At most three. */
  readonly groupBy: readonly SummaryDimension[];
  /** Periods are in UTC. */
  readonly grain: SummaryGrain;
}

export interface SummaryRow {
  readonly period: Date | undefined;
  readonly group: Readonly<Partial<Record<SummaryDimension, string | null>>>;
  readonly rows: number;
  /** Undefined when a bucket among the rows doesn't say. */
  readonly requests: number | undefined;
  readonly inputTokens: bigint;
  readonly outputTokens: bigint;
  readonly costReportedNanoUsd: bigint | undefined;
  /** Of the priced rows; undefined when none is. */
  readonly costComputedNanoUsd: bigint | undefined;
  readonly unpricedRows: number;
}

export interface UsageSummaryResult {
  readonly rows: readonly SummaryRow[];
  readonly total: SummaryRow;
  readonly truncated: boolean;
}

const ROWS_MAX = 1_000;

/** Totals of a tenant's usage, grouped. The statement is the same for every grouping, so that it is prepared once. */
@Injectable()
export class UsageSummary {
  constructor(private readonly database: Database) {}

  async summarise({ tenantId, from, to, groupBy, grain }: SummaryRequest): Promise<UsageSummaryResult> {
    const [first = null, second = null, third = null] = groupBy;
    const found = await this.database.rows<TotalRow>(SUMMARY, [
      tenantId,
      from ?? null,
      to ?? null,
      grain,
      first,
      second,
      third,
      ROWS_MAX + 2,
    ]);
    const rows = found.filter(({ is_total: isTotal }) => !isTotal).map((row) => summaryRow(row, groupBy));
    const total = found.find(({ is_total: isTotal }) => isTotal);
    return {
      rows: rows.slice(0, ROWS_MAX),
      total: summaryRow(total ?? NOTHING, []),
      truncated: rows.length > ROWS_MAX,
    };
  }
}

const dimension = (parameter: string): string => `CASE ${parameter}::text
    WHEN 'model' THEN coalesce(model_id, model_raw) WHEN 'provider' THEN provider WHEN 'team' THEN team WHEN 'project' THEN project
    WHEN 'feature' THEN feature WHEN 'user' THEN user_hash WHEN 'source' THEN source WHEN 'status' THEN status WHEN 'operation' THEN operation END`;

/** Uses usage_event_time. Lines of bills are left out where usage says what they are the price of. The dearest groups first within a period; the total of everything comes as a row of its own. */
const SUMMARY = `
  WITH part AS (
    SELECT CASE WHEN $4::text = 'total' THEN NULL ELSE date_trunc($4::text, ts_start, 'UTC') END AS period,
           ${dimension('$5')} AS first, ${dimension('$6')} AS second, ${dimension('$7')} AS third,
           input_total, output_total, requests, cost_reported, cost_computed, is_bill
    FROM usage_event
    WHERE tenant_id = $1 AND counted AND ($2::timestamptz IS NULL OR ts_start >= $2) AND ($3::timestamptz IS NULL OR ts_start < $3)
  )
  SELECT grouping(period) = 1 AS is_total, period, first, second, third, count(*) AS rows,
         CASE WHEN count(*) = count(requests) THEN sum(requests)::text END AS requests,
         sum(input_total)::text AS input, sum(output_total)::text AS output,
         sum(cost_reported)::text AS reported, sum(cost_computed)::text AS computed, count(*) FILTER (WHERE cost_computed IS NULL AND NOT is_bill) AS unpriced
  FROM part GROUP BY GROUPING SETS ((period, first, second, third), ())
  ORDER BY is_total DESC, period NULLS FIRST, sum(cost_computed) DESC NULLS LAST, first, second, third LIMIT $8`;

interface TotalRow {
  readonly is_total: boolean;
  readonly period: Date | null;
  readonly first: string | null;
  readonly second: string | null;
  readonly third: string | null;
  readonly rows: number;
  readonly requests: string | null;
  readonly input: string | null;
  readonly output: string | null;
  readonly reported: string | null;
  readonly computed: string | null;
  readonly unpriced: number;
}

const NOTHING: TotalRow = {
  is_total: true,
  period: null,
  first: null,
  second: null,
  third: null,
  rows: 0,
  requests: null,
  input: null,
  output: null,
  reported: null,
  computed: null,
  unpriced: 0,
};

function summaryRow(row: TotalRow, groupBy: readonly SummaryDimension[]): SummaryRow {
  const values = [row.first, row.second, row.third];
  return {
    period: row.period ?? undefined,
    group: Object.fromEntries(groupBy.map((name, index) => [name, values[index] ?? null])),
    rows: row.rows,
    requests: row.requests === null ? undefined : Number(row.requests),
    inputTokens: BigInt(row.input ?? 0),
    outputTokens: BigInt(row.output ?? 0),
    costReportedNanoUsd: row.reported === null ? undefined : BigInt(row.reported),
    costComputedNanoUsd: row.computed === null ? undefined : BigInt(row.computed),
    unpricedRows: row.unpriced,
  };
}
