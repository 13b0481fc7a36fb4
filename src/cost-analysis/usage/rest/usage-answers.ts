import { z } from 'zod';
import { usdDecimal } from '../../prices/money.js';
import type { ImportRecord } from '../import-record.js';
import type { SummaryRow, UsageSummaryResult } from '../usage-summary.js';

const usd = z
  .string()
  .regex(/^-?\d+\.\d{9}$/)
  .nullable();
const time = z.iso.datetime().nullable();

export const importAnswer = z.object({
  import_id: z.uuid(),
  status: z.enum(['running', 'completed', 'failed']),
  format: z.string(),
  label: z.string(),
  synthetic: z.boolean(),
  price_as: z.string().nullable(),
  accepted: z.int(),
  duplicates: z.int(),
  repriced: z.int(),
  /** Of the duplicates, buckets and lines of bills that are kept although this file says something else of them; `supersedes=true` takes them. */
  differing: z.int(),
  rejected: z.int(),
  /** How much of the file was read, 0 to 100; null when its size is not known. */
  percent: z.int().nullable(),
  reject_samples: z.array(z.object({ line: z.int(), reason: z.string() })),
  from: time,
  to: time,
  cost_reported: usd,
  cost_computed: usd,
  error: z.record(z.string(), z.unknown()).nullable(),
  created_at: z.iso.datetime(),
  finished_at: time,
});
export type ImportAnswer = z.output<typeof importAnswer>;

export const importsAnswer = z.object({ data: z.array(importAnswer), next_cursor: z.uuid().nullable() });
export type ImportsAnswer = z.output<typeof importsAnswer>;

const summaryRow = z.object({
  period: time,
  group: z.record(z.string(), z.string().nullable()),
  rows: z.int(),
  /** null: a bucket among the rows does not say how many requests it holds. */
  requests: z.int().nullable(),
  input_tokens: z.string(),
  output_tokens: z.string(),
  cost_reported: usd,
  cost_computed: usd,
  unpriced_rows: z.int(),
});

export const summaryAnswer = z.object({
  data: z.array(summaryRow),
  total: summaryRow,
  /** More groups than are shown; the total counts them all. */
  truncated: z.boolean(),
  prices_as_of: z.string(),
});
export type SummaryAnswer = z.output<typeof summaryAnswer>;

export function importAnswerOf(record: ImportRecord): ImportAnswer {
  return {
    import_id: record.id,
    status: record.status,
    format: record.format,
    label: record.label,
    synthetic: record.synthetic,
    price_as: record.priceAs ?? null,
    accepted: record.accepted,
    duplicates: record.duplicates,
    repriced: record.repriced,
    differing: record.differing,
    rejected: record.rejected,
    percent: record.percent ?? null,
    reject_samples: [...record.rejectSamples],
    from: record.from?.toISOString() ?? null,
    to: record.to?.toISOString() ?? null,
    cost_reported: usdOrNull(record.costReportedNanoUsd),
    cost_computed: usdOrNull(record.costComputedNanoUsd),
    error: record.error === undefined ? null : { ...record.error },
    created_at: record.createdAt.toISOString(),
    finished_at: record.finishedAt?.toISOString() ?? null,
  };
}

export function summaryAnswerOf(summary: UsageSummaryResult, pricesAsOf: string): SummaryAnswer {
  return {
    data: summary.rows.map(rowAnswer),
    total: rowAnswer(summary.total),
    truncated: summary.truncated,
    prices_as_of: pricesAsOf,
  };
}

const rowAnswer = (row: SummaryRow): z.output<typeof summaryRow> => ({
  period: row.period?.toISOString() ?? null,
  group: { ...row.group },
  rows: row.rows,
  requests: row.requests ?? null,
  input_tokens: row.inputTokens.toString(),
  output_tokens: row.outputTokens.toString(),
  cost_reported: usdOrNull(row.costReportedNanoUsd),
  cost_computed: usdOrNull(row.costComputedNanoUsd),
  unpriced_rows: row.unpricedRows,
});

const usdOrNull = (nanoUsd: bigint | undefined): string | null => (nanoUsd === undefined ? null : usdDecimal(nanoUsd));
