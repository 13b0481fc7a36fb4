import { isJsonObject } from '../../../context/json.js';
import { RejectedRow } from '../rejected-row.js';
import { billedAmount, checkCurrency } from './billed-amount.js';
import { billLine, costReport } from './cost-report.js';
import { extraTags } from './extra-tags.js';
import { FieldReader } from './field-reader.js';
import type { Fields } from './field-reader.js';
import type { UsageDraft, UsageImporter } from './importer.js';
import type { BucketPeriod } from './report-buckets.js';

const reader = new FieldReader({
  start: ['start_time', 'start_time_iso'],
  end: ['end_time', 'end_time_iso'],
  amount: ['amount', 'amount_value'],
  currency: ['amount_currency'],
  lineItem: ['line_item'],
  project: ['project_id', 'project_name'],
  apiKey: ['api_key_id'],
  user: ['user_id', 'user_email'],
  organization: ['organization_id'],
  object: ['object'],
});
type Field = Parameters<typeof reader.has>[1];

const SOURCE = { format: 'openai-costs', source: 'openai-costs', label: 'OpenAI bill' } as const;

/** `GET /v1/organization/costs` of OpenAI. */
export const openaiCosts: UsageImporter = costReport({
  ...SOURCE,
  needs: 'buckets with start_time, end_time and results with an amount, as the costs API answers them',
  start: 'start_time',
  readResult: (record, period) => {
    const fields = reader.read(record);
    const amount = fields.value('amount');
    if (!isJsonObject(amount)) throw new RejectedRow('the result has no amount');
    checkCurrency(amount['currency']);
    return lineOf(fields, period, amount['value']);
  },
});

/** The dashboard's cost_….csv. Days without cost have no more than their times. */
export const openaiCostsCsv: UsageImporter = {
  ...SOURCE,
  needs: 'columns start_time, amount_value and line_item',
  recognises: ({ kind, first }) =>
    kind === 'csv' && reader.has(first.names, 'start', 'lineItem') && first.names.includes('amount_value'),
  read: (record) => {
    const fields = reader.read(record);
    const tsStart = fields.time('start');
    if (tsStart === undefined) throw new RejectedRow('start_time is empty');
    if (fields.value('amount') === undefined) return [];
    checkCurrency(fields.value('currency'));
    return [lineOf(fields, { tsStart, tsEnd: fields.time('end') }, fields.value('amount'))];
  },
};

function lineOf(fields: Fields<Field>, period: BucketPeriod, amount: unknown): UsageDraft {
  const lineItem = fields.text('lineItem');
  const dimensions = ['lineItem', 'project', 'apiKey', 'user'] as const;
  return billLine(
    fields,
    { ...period, dimensions, further: ['organization'] },
    {
      provider: 'openai',
      // "gpt-4o-2024-08-06, input"; other items ("web search tool calls") are no model's.
      modelRaw: lineItem?.includes(',') === true ? lineItem.split(',')[0]?.trim() : undefined,
      project: fields.text('project'),
      user: fields.text('user'),
      apiKey: fields.text('apiKey'),
      tags: {
        ...(lineItem === undefined ? {} : { line_item: lineItem }),
        ...extraTags([...fields.extras(), ['organization_id', fields.text('organization')]]),
      },
      costReportedNanoUsd: billedAmount(amount),
    },
  );
}
