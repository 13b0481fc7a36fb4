import { RejectedRow } from '../rejected-row.js';
import { FieldReader } from './field-reader.js';
import type { UsageImporter } from './importer.js';
import { openaiBucket } from './openai-bucket.js';

const reader = new FieldReader({
  start: ['start_time', 'start_time_iso'],
  end: ['end_time', 'end_time_iso'],
  requests: ['num_model_requests'],
  input: ['input_tokens'],
  output: ['output_tokens'],
  cached: ['input_cached_tokens'],
  cacheWrite: ['input_cache_write_tokens'],
  uncached: ['input_uncached_tokens'],
  model: ['model'],
  project: ['project_id', 'project_name'],
  user: ['user_id', 'user_email'],
  apiKey: ['api_key_id'],
  batch: ['batch'],
  serviceTier: ['service_tier'],
});

/** The dashboard's completions_usage_….csv: a bucket for each period and group. Periods without usage have no more than their times. */
export const openaiUsageCsv: UsageImporter = {
  format: 'openai-usage',
  source: 'openai-usage',
  label: 'OpenAI usage export',
  needs: 'columns start_time, num_model_requests, input_tokens and output_tokens',
  recognises: ({ kind, first }) => kind === 'csv' && reader.has(first.names, 'start', 'requests', 'input', 'output'),
  read: (record) => {
    const fields = reader.read(record);
    const [tsStart, tsEnd] = [fields.time('start'), fields.time('end')];
    if (tsStart === undefined) throw new RejectedRow('start_time is empty');
    const bucket = openaiBucket(fields, { tsStart, tsEnd, operation: 'completions' });
    return bucket === undefined ? [] : [bucket];
  },
};
