import { RejectedRow } from '../rejected-row.js';
import { extraTags } from './extra-tags.js';
import { FieldReader } from './field-reader.js';
import type { UsageImporter } from './importer.js';
import { inputParts } from './input-parts.js';
import { openaiBucketIdentity } from './openai-bucket-identity.js';

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
    const [total, uncached, output] = [fields.count('input'), fields.count('uncached'), fields.count('output')];
    if (total === undefined && uncached === undefined && output === undefined) return [];
    const operation = 'completions';
    return [
      {
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
        tags: extraTags(fields.extras()),
      },
    ];
  },
};
