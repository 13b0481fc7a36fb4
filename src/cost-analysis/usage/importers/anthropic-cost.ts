import { RejectedRow } from '../rejected-row.js';
import { billedAmount, checkCurrency } from './billed-amount.js';
import { billLine, costReport } from './cost-report.js';
import { extraTags, namedTags } from './extra-tags.js';
import { FieldReader } from './field-reader.js';
import type { Fields } from './field-reader.js';
import type { UsageDraft, UsageImporter } from './importer.js';
import type { BucketPeriod } from './report-buckets.js';

const reader = new FieldReader({
  date: ['usage_date_utc'],
  amount: ['amount'],
  costUsd: ['cost_usd'],
  currency: ['currency'],
  costType: ['cost_type'],
  description: ['description'],
  model: ['model'],
  tokenType: ['token_type'],
  contextWindow: ['context_window'],
  serviceTier: ['service_tier', 'usage_type'],
  workspace: ['workspace_id', 'workspace'],
  apiKey: ['api_key'],
  geography: ['inference_geo'],
});
type Field = Parameters<typeof reader.has>[1];

const SOURCE = { format: 'anthropic-cost', source: 'anthropic-cost', label: 'Anthropic bill' } as const;
const DAY_MS = 86_400_000;

/** `GET /v1/organizations/cost_report` of Anthropic. Its amounts are decimal strings in cents: "123.45" is $1.23. */
export const anthropicCost: UsageImporter = costReport({
  ...SOURCE,
  needs: 'buckets with starting_at, ending_at and results with an amount, as the cost report API answers them',
  start: 'starting_at',
  readResult: (record, period) => {
    const fields = reader.read(record);
    checkCurrency(fields.value('currency'));
    return lineOf(fields, period, billedAmount(fields.value('amount'), 'cents'));
  },
});

/** The console's export of costs, in USD. Its model is a display name. */
export const anthropicCostCsv: UsageImporter = {
  ...SOURCE,
  needs: 'columns usage_date_utc, model, token_type and cost_usd',
  recognises: ({ first }) => reader.has(first.names, 'date', 'costUsd'),
  read: (record) => {
    const fields = reader.read(record);
    const tsStart = fields.time('date');
    if (tsStart === undefined) throw new RejectedRow('usage_date_utc is empty');
    const period = { tsStart, tsEnd: new Date(tsStart.getTime() + DAY_MS) };
    return [lineOf(fields, period, billedAmount(fields.value('costUsd')))];
  },
};

function lineOf(fields: Fields<Field>, period: BucketPeriod, costReportedNanoUsd: bigint): UsageDraft {
  const shown = ['costType', 'tokenType', 'contextWindow', 'description', 'geography'] as const;
  const dimensions = [...shown, 'model', 'serviceTier', 'workspace', 'apiKey'] as const;
  return billLine(
    fields,
    { ...period, dimensions },
    {
      provider: 'anthropic',
      modelRaw: fields.text('model'),
      serviceTier: fields.text('serviceTier')?.toLowerCase(),
      project: fields.text('workspace'),
      apiKey: fields.text('apiKey'),
      tags: tagsOf(fields),
      costReportedNanoUsd,
    },
  );
}

function tagsOf(fields: Fields<Field>) {
  const named = {
    cost_type: fields.value('costType'),
    token_type: fields.value('tokenType'),
    context_window: fields.value('contextWindow'),
    description: fields.value('description'),
    inference_geo: fields.value('geography'),
  };
  return { ...namedTags(named), ...extraTags(fields.extras()) };
}
