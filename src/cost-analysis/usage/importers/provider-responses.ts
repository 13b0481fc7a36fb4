import type { JsonObject } from '../../../context/json.js';
import { isJsonObject } from '../../../context/json.js';
import { RejectedRow } from '../rejected-row.js';
import type { SourceRecord } from '../reading/source-record.js';
import { FieldReader } from './field-reader.js';
import { moneyOf } from './field-values.js';
import type { UsageImporter } from './importer.js';
import { objectOf } from './json-values.js';
import { providerTokens } from './provider-tokens.js';
import { responseIdOf } from './response-id.js';

const reader = new FieldReader({
  id: ['id', 'responseId'],
  time: ['timestamp', 'time', 'created', 'created_at', 'createTime'],
  model: ['model', 'modelVersion'],
  provider: ['provider'],
  operation: ['object', 'type'],
  usage: ['usage', 'usageMetadata', 'meta'],
  serviceTier: ['service_tier'],
  finishReason: ['finish_reason', 'stop_reason'],
  team: ['team'],
  project: ['project'],
  feature: ['feature'],
  user: ['user', 'user_id'],
});

/** Bodies of providers' answers, as a proxy logs them: JSON with a time, a model and the provider's own usage object. */
export const providerResponses: UsageImporter = {
  format: 'generic',
  source: 'provider-responses',
  label: 'Answers of model providers',
  needs: 'JSON with a time, a model and a usage object',
  recognises: ({ kind, first }) => kind === 'json' && reader.has(first.names, 'usage') && isAnswer(first),
  read: (record) => {
    const [fields, tokens] = [reader.read(record), providerTokens(bodyOf(record))];
    const tsStart = fields.time('time');
    if (tokens === undefined) throw new RejectedRow('the answer has no usage');
    if (tsStart === undefined) throw new RejectedRow('the time is empty');
    const [usage, id] = [objectOf(fields.value('usage')), fields.text('id')];
    return [
      {
        id: responseIdOf(id),
        responseId: responseIdOf(id),
        identity: fields.content(),
        rowKind: 'request',
        tsStart,
        provider: fields.text('provider'),
        modelRaw: fields.text('model'),
        operation: fields.text('operation'),
        ...tokens,
        status: 'ok',
        finishReason: fields.text('finishReason'),
        serviceTier: fields.text('serviceTier') ?? tierOf(usage),
        team: fields.text('team'),
        project: fields.text('project'),
        feature: fields.text('feature'),
        user: fields.text('user'),
        costReportedNanoUsd: costOf(usage),
      },
    ];
  },
};

/** A file is of the kind also where the counts of its first answer contradict each other: that answer is rejected by itself. */
function isAnswer(record: SourceRecord): boolean {
  try {
    return providerTokens(bodyOf(record)) !== undefined;
  } catch (error) {
    if (error instanceof RejectedRow) return true;
    throw error;
  }
}

const bodyOf = ({ names, values }: SourceRecord): JsonObject => {
  const body: unknown = Object.fromEntries(names.map((name, index) => [name, values[index]]));
  return isJsonObject(body) ? body : {};
};

const tierOf = (usage: JsonObject): string | undefined => {
  const tier = usage['service_tier'] ?? usage['serviceTier'];
  return typeof tier === 'string' ? tier : undefined;
};

/** OpenRouter says in its usage what the answer cost. */
const costOf = ({ cost }: JsonObject): bigint | undefined =>
  typeof cost === 'number' ? moneyOf(cost, 'cost') : undefined;
