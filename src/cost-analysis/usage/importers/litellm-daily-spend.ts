import { RejectedRow } from '../rejected-row.js';
import { bucketIdentity } from './bucket-identity.js';
import { extraTags } from './extra-tags.js';
import { FieldReader } from './field-reader.js';
import type { UsageImporter } from './importer.js';
import { inputParts } from './input-parts.js';

const reader = new FieldReader({
  date: ['date'],
  apiKey: ['api_key'],
  model: ['model'],
  modelGroup: ['model_group'],
  provider: ['custom_llm_provider'],
  operation: ['endpoint'],
  input: ['prompt_tokens'],
  output: ['completion_tokens'],
  cacheRead: ['cache_read_input_tokens'],
  cacheWrite: ['cache_creation_input_tokens'],
  cost: ['spend'],
  requests: ['api_requests'],
  successful: ['successful_requests'],
  failed: ['failed_requests'],
  team: ['team_id'],
  user: ['user_id', 'end_user_id'],
  mcpTool: ['mcp_namespaced_tool_name'],
  organization: ['organization_id'],
  agent: ['agent_id'],
  tag: ['tag'],
  dropped: ['id', 'created_at', 'updated_at'],
});

const DAY_MS = 86_400_000;

/** LiteLLM's Daily…Spend tables: a bucket for each day, key and model. */
export const litellmDailySpend: UsageImporter = {
  format: 'litellm',
  source: 'litellm-daily',
  label: 'LiteLLM daily spend',
  needs: 'columns date, model, spend, prompt_tokens, completion_tokens and api_requests',
  recognises: ({ first }) =>
    reader.has(first.names, 'date', 'cost', 'input', 'output') && reader.has(first.names, 'requests'),
  read: (record) => {
    const fields = reader.read(record);
    const [tsStart, total, output] = [fields.time('date'), fields.count('input'), fields.count('output')];
    if (tsStart === undefined || total === undefined || output === undefined)
      throw new RejectedRow('date or tokens are empty');
    const dimensions = ['apiKey', 'model', 'modelGroup', 'provider', 'operation', 'team', 'user', 'tag'] as const;
    return [
      {
        identity: bucketIdentity(fields, [tsStart], { dimensions, further: ['mcpTool', 'organization', 'agent'] }),
        rowKind: 'bucket',
        tsStart,
        tsEnd: new Date(tsStart.getTime() + DAY_MS),
        provider: fields.text('provider'),
        modelRaw: fields.text('model') ?? fields.text('modelGroup'),
        operation: fields.text('operation'),
        ...inputParts({ total, cacheRead: fields.count('cacheRead'), cacheWrite: fields.count('cacheWrite') }),
        output,
        requests: fields.count('requests'),
        status: 'ok',
        team: fields.text('team'),
        user: fields.text('user'),
        apiKey: fields.text('apiKey'),
        tags: {
          ...tagsOf(fields.text('tag'), fields.count('failed')),
          ...extraTags([
            ...fields.extras(),
            ['organization_id', fields.text('organization')],
            ['agent_id', fields.text('agent')],
          ]),
        },
        costReportedNanoUsd: fields.money('cost'),
      },
    ];
  },
};

function tagsOf(tag: string | undefined, failed: number | undefined) {
  return { ...(tag === undefined ? {} : { request_tags: [tag] }), ...(failed ? { failed_requests: failed } : {}) };
}
