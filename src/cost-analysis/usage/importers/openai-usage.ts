import { RejectedRow } from '../rejected-row.js';
import type { SourceRecord } from '../reading/source-record.js';
import { extraTags } from './extra-tags.js';
import { FieldReader } from './field-reader.js';
import type { UsageDraft, UsageImporter } from './importer.js';
import { inputParts } from './input-parts.js';
import { openaiBucketIdentity } from './openai-bucket-identity.js';
import { firstResultHas, isReport, readReport } from './report-buckets.js';
import type { BucketPeriod } from './report-buckets.js';

const result = new FieldReader({
  object: ['object'],
  input: ['input_tokens'],
  cached: ['input_cached_tokens'],
  cacheWrite: ['input_cache_write_tokens'],
  uncached: ['input_uncached_tokens'],
  output: ['output_tokens'],
  requests: ['num_model_requests'],
  project: ['project_id'],
  user: ['user_id'],
  apiKey: ['api_key_id'],
  model: ['model'],
  batch: ['batch'],
  serviceTier: ['service_tier'],
  amount: ['amount'],
});

/** `GET /v1/organization/usage/…` of OpenAI: one page or many, as they came. Each result of a bucket is a row. */
export const openaiUsage: UsageImporter = {
  format: 'openai-usage',
  source: 'openai-usage',
  label: 'OpenAI usage API',
  needs: 'buckets with start_time, end_time and results, as the usage API answers them',
  recognises: (sample) => isReport(sample, 'start_time') && firstResultHas(sample, 'amount') !== true,
  read: (record) => readReport(record, readResult),
};

function readResult(record: SourceRecord, { tsStart, tsEnd }: BucketPeriod): UsageDraft {
  const fields = result.read(record);
  if (fields.value('amount') !== undefined) throw new RejectedRow('a result of the costs API, not of the usage API');
  const [total, uncached, output] = [fields.count('input'), fields.count('uncached'), fields.count('output')];
  if (total === undefined && uncached === undefined && output === undefined)
    throw new RejectedRow('the result has no tokens');
  const operation = fields.text('object')?.split('.')[2];
  return {
    identity: openaiBucketIdentity((name) => fields.text(name), { tsStart, tsEnd, operation }),
    rowKind: 'bucket',
    tsStart,
    tsEnd,
    provider: 'openai',
    modelRaw: fields.text('model'),
    operation,
    ...inputParts({
      total,
      uncached: total === undefined ? uncached : undefined,
      cacheRead: fields.count('cached'),
      cacheWrite: fields.count('cacheWrite'),
    }),
    output: output ?? 0,
    requests: fields.count('requests'),
    status: 'ok',
    isBatch: fields.flag('batch'),
    serviceTier: fields.text('serviceTier'),
    project: fields.text('project'),
    user: fields.text('user'),
    apiKey: fields.text('apiKey'),
    // Among them the breakdowns by text, audio and image: they are parts of the totals, never added to them.
    tags: extraTags(fields.extras()),
  };
}
