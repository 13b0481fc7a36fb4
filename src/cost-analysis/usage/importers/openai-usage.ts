import { RejectedRow } from '../rejected-row.js';
import type { SourceRecord } from '../reading/source-record.js';
import { FieldReader } from './field-reader.js';
import type { UsageDraft, UsageImporter } from './importer.js';
import { openaiBucket } from './openai-bucket.js';
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
  const bucket = openaiBucket(fields, { tsStart, tsEnd, operation: fields.text('object')?.split('.')[2] });
  if (bucket === undefined) throw new RejectedRow('the result has no tokens');
  return bucket;
}
