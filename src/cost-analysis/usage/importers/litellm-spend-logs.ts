import { RejectedRow } from '../rejected-row.js';
import { extraTags } from './extra-tags.js';
import { countOf } from './field-values.js';
import { FieldReader } from './field-reader.js';
import type { Fields } from './field-reader.js';
import type { UsageImporter } from './importer.js';
import { inputParts } from './input-parts.js';
import { tagsOf } from './json-values.js';
import { litellmMetadata } from './litellm-metadata.js';
import type { LitellmMetadata } from './litellm-metadata.js';
import { namedTag } from './named-tag.js';
import { responseIdOf } from './response-id.js';

const reader = new FieldReader({
  id: ['request_id'],
  operation: ['call_type'],
  apiKey: ['api_key'],
  cost: ['spend'],
  input: ['prompt_tokens'],
  output: ['completion_tokens'],
  total: ['total_tokens'],
  start: ['startTime'],
  end: ['endTime'],
  durationMs: ['request_duration_ms'],
  firstToken: ['completionStartTime'],
  model: ['model'],
  provider: ['custom_llm_provider'],
  user: ['user', 'end_user'],
  metadata: ['metadata'],
  cacheHit: ['cache_hit'],
  requestTags: ['request_tags'],
  team: ['team_id'],
  session: ['session_id'],
  status: ['status'],
  // Named here so that they don't become tags: prompts, answers and addresses are dropped.
  dropped: ['messages', 'response', 'requester_ip_address', 'proxy_server_request', 'cache_key', 'api_base'],
});
type Field = Parameters<typeof reader.has>[1];

const TAGS_MAX = 20;

/** LiteLLM's table of single requests, as CSV or JSON. */
export const litellmSpendLogs: UsageImporter = {
  format: 'litellm',
  source: 'litellm',
  label: 'LiteLLM spend logs',
  needs: 'columns request_id, startTime, model, spend, prompt_tokens and completion_tokens',
  recognises: ({ first }) =>
    reader.has(first.names, 'start', 'cost', 'input', 'output') && reader.has(first.names, 'operation'),
  read: (record) => {
    const fields = reader.read(record);
    const [tsStart, tsEnd] = [fields.time('start'), fields.time('end')];
    if (tsStart === undefined) throw new RejectedRow('startTime is empty');
    const metadata = litellmMetadata(fields.value('metadata'));
    const tags = tagsOf(fields.value('requestTags'));
    const cost = fields.money('cost');
    return [
      {
        responseId: responseIdOf(fields.text('id')),
        id: fields.text('id'),
        identity: () => fields.content(),
        rowKind: 'request',
        tsStart,
        tsEnd,
        provider: fields.text('provider'),
        modelRaw: fields.text('model'),
        operation: fields.text('operation'),
        ...tokensOf(fields, metadata),
        ...timesOf(fields, tsStart, tsEnd),
        status: statusOf(fields, cost),
        errorType: metadata.errorType,
        serviceTier: metadata.serviceTier,
        team: metadata.team ?? fields.text('team') ?? namedTag(tags, 'team'),
        feature: namedTag(tags, 'feature'),
        project: namedTag(tags, 'project'),
        user: fields.text('user'),
        apiKey: fields.text('apiKey'),
        sessionId: fields.text('session'),
        tags: {
          ...(tags.length === 0 ? {} : { request_tags: tags.slice(0, TAGS_MAX) }),
          ...extraTags(fields.extras()),
        },
        costReportedNanoUsd: cost,
      },
    ];
  },
};

/** LiteLLM's prompt_tokens include what was read from and written to the cache. */
function tokensOf(fields: Fields<Field>, metadata: LitellmMetadata) {
  const [total, output] = [fields.count('input'), fields.count('output')];
  if (total === undefined || output === undefined) throw new RejectedRow('prompt_tokens or completion_tokens is empty');
  const count = (value: number | undefined, name: string) => (value === undefined ? undefined : countOf(value, name));
  return {
    ...inputParts({
      total,
      cacheRead: count(metadata.cacheRead, 'cache_read_input_tokens'),
      cacheWrite: count(metadata.cacheWrite, 'cache_creation_input_tokens'),
      cacheWrite1h: count(metadata.cacheWrite1h, 'ephemeral_1h_input_tokens'),
    }),
    output,
    reasoning: count(metadata.reasoning, 'reasoning_tokens'),
  };
}

function timesOf(fields: Fields<Field>, start: Date, end: Date | undefined) {
  const firstToken = fields.time('firstToken');
  const since = (time: Date | undefined) =>
    time === undefined || time < start ? undefined : time.getTime() - start.getTime();
  return { latencyMs: fields.milliseconds('durationMs') ?? since(end), ttftMs: since(firstToken) };
}

/** `cache_hit` alone can't be trusted; together with a spend of zero it can. */
function statusOf(fields: Fields<Field>, cost: bigint | undefined): 'ok' | 'error' | 'cached' {
  const status = fields.text('status')?.toLowerCase();
  if (status !== undefined && status !== 'success') return 'error';
  return fields.flag('cacheHit') === true && cost === 0n ? 'cached' : 'ok';
}
