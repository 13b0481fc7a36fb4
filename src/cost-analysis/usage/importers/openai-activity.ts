import { RejectedRow } from '../rejected-row.js';
import { bucketIdentity } from './bucket-identity.js';
import { extraTags } from './extra-tags.js';
import { FieldReader } from './field-reader.js';
import type { UsageImporter } from './importer.js';
import { inputParts } from './input-parts.js';

const reader = new FieldReader({
  time: ['timestamp'],
  requests: ['n_requests'],
  operation: ['operation'],
  input: ['n_context_tokens_total'],
  cached: ['n_cached_context_tokens_total'],
  output: ['n_generated_tokens_total'],
  usageType: ['usage_type'],
  model: ['model'],
  user: ['user'],
  project: ['project_id', 'project_name'],
  apiKey: ['api_key_id'],
});

/** OpenAI's activity export as it was until 2024: a bucket for each time, model and operation. */
export const openaiActivity: UsageImporter = {
  format: 'openai-usage',
  source: 'openai-activity',
  label: 'OpenAI activity export',
  needs: 'columns timestamp, n_requests, n_context_tokens_total and n_generated_tokens_total',
  recognises: ({ first }) => reader.has(first.names, 'time', 'requests', 'input', 'output'),
  read: (record) => {
    const fields = reader.read(record);
    const [tsStart, total, output] = [fields.time('time'), fields.count('input'), fields.count('output')];
    if (tsStart === undefined) throw new RejectedRow('timestamp is empty');
    if (total === undefined && output === undefined) throw new RejectedRow('the row has no tokens');
    const dimensions = ['model', 'operation', 'usageType', 'user', 'project', 'apiKey'] as const;
    const usageType = fields.text('usageType');
    return [
      {
        identity: bucketIdentity(fields, [tsStart], { dimensions }),
        rowKind: 'bucket',
        tsStart,
        provider: 'openai',
        modelRaw: fields.text('model'),
        operation: fields.text('operation'),
        ...inputParts({ total, cacheRead: fields.count('cached') }, 'inclusive'),
        output: output ?? 0,
        requests: fields.count('requests'),
        status: 'ok',
        user: fields.text('user'),
        project: fields.text('project'),
        apiKey: fields.text('apiKey'),
        tags: { ...(usageType === undefined ? {} : { usage_type: usageType }), ...extraTags(fields.extras()) },
      },
    ];
  },
};
