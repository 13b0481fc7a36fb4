import { RejectedRow } from '../rejected-row.js';
import { isJsonObject } from '../../../context/json.js';
import type { SourceRecord } from '../reading/source-record.js';
import { bucketIdentity } from './bucket-identity.js';
import { isLongContext } from './context-window.js';
import { countOf } from './field-values.js';
import { extraTags, namedTags } from './extra-tags.js';
import { FieldReader } from './field-reader.js';
import type { Fields } from './field-reader.js';
import type { UsageDraft, UsageImporter } from './importer.js';
import { firstResultHas, isReport, readReport } from './report-buckets.js';
import type { BucketPeriod } from './report-buckets.js';

const reader = new FieldReader({
  date: ['usage_date_utc'],
  uncached: ['uncached_input_tokens', 'usage_input_tokens_no_cache'],
  cacheCreation: ['cache_creation'],
  cacheWrite5m: ['usage_input_tokens_cache_write_5m'],
  cacheWrite1h: ['usage_input_tokens_cache_write_1h'],
  cacheRead: ['cache_read_input_tokens', 'usage_input_tokens_cache_read'],
  output: ['output_tokens', 'usage_output_tokens'],
  serverTools: ['server_tool_use'],
  webSearches: ['web_search_count'],
  apiKey: ['api_key_id', 'api_key'],
  workspace: ['workspace_id', 'workspace'],
  model: ['model', 'model_version'],
  serviceTier: ['service_tier', 'usage_type'],
  contextWindow: ['context_window'],
  geography: ['inference_geo'],
});
type Field = Parameters<typeof reader.has>[1];

const DAY_MS = 86_400_000;

/** `GET /v1/organizations/usage_report/messages` of Anthropic. It counts no requests. */
export const anthropicUsage: UsageImporter = {
  format: 'anthropic-usage',
  source: 'anthropic-usage',
  label: 'Anthropic usage API',
  needs: 'buckets with starting_at, ending_at and results, as the usage report API answers them',
  recognises: (sample) => isReport(sample, 'starting_at') && firstResultHas(sample, 'amount') !== true,
  read: (record) => readReport(record, (result, period) => draftOf(reader.read(result), period)),
};

/** The console's export of tokens: a row for each day, model, key and kind of use. */
export const anthropicUsageCsv: UsageImporter = {
  format: 'anthropic-usage',
  source: 'anthropic-usage',
  label: 'Anthropic console export',
  needs: 'columns usage_date_utc, usage_input_tokens_no_cache and usage_output_tokens',
  recognises: ({ first }) => reader.has(first.names, 'date', 'uncached', 'output'),
  read: (record: SourceRecord) => {
    const fields = reader.read(record);
    const tsStart = fields.time('date');
    if (tsStart === undefined) throw new RejectedRow('usage_date_utc is empty');
    return [draftOf(fields, { tsStart, tsEnd: new Date(tsStart.getTime() + DAY_MS) })];
  },
};

function draftOf(fields: Fields<Field>, { tsStart, tsEnd }: BucketPeriod): UsageDraft {
  const tokens = tokensOf(fields);
  const dimensions = ['apiKey', 'workspace', 'model', 'serviceTier', 'contextWindow', 'geography'] as const;
  const tier = fields.text('serviceTier')?.toLowerCase();
  return {
    identity: bucketIdentity(fields, [tsStart, tsEnd], { dimensions }),
    rowKind: 'bucket',
    tsStart,
    tsEnd,
    provider: 'anthropic',
    modelRaw: fields.text('model'),
    operation: 'messages',
    ...tokens,
    status: 'ok',
    isBatch: tier === undefined ? undefined : tier === 'batch' || tier.startsWith('batch '),
    isLongContext: isLongContext(fields.text('contextWindow')),
    serviceTier: tier,
    project: fields.text('workspace'),
    apiKey: fields.text('apiKey'),
    tags: tagsOf(fields),
  };
}

/** Anthropic's input leaves out what was read from and written to the cache: the parts are disjoint as they come. */
function tokensOf(fields: Fields<Field>) {
  const writes = fields.value('cacheCreation');
  const written = (name: string) => {
    const value = isJsonObject(writes) ? writes[name] : undefined;
    return value === undefined || value === null ? undefined : countOf(value, name);
  };
  const parts = {
    uncached: fields.count('uncached'),
    cacheRead: fields.count('cacheRead'),
    cacheWrite5m: written('ephemeral_5m_input_tokens') ?? fields.count('cacheWrite5m'),
    cacheWrite1h: written('ephemeral_1h_input_tokens') ?? fields.count('cacheWrite1h'),
    output: fields.count('output'),
  };
  if (Object.values(parts).every((count) => count === undefined)) throw new RejectedRow('the result has no tokens');
  const { uncached: inputUncached = 0, output = 0, ...cached } = parts;
  return { inputUncached, output, ...cached };
}

function tagsOf(fields: Fields<Field>) {
  const tools = fields.value('serverTools');
  const searches = isJsonObject(tools) ? tools['web_search_requests'] : fields.value('webSearches');
  const named = {
    web_search_requests: searches,
    context_window: fields.value('contextWindow'),
    inference_geo: fields.value('geography'),
  };
  return { ...namedTags(named), ...extraTags(fields.extras()) };
}
