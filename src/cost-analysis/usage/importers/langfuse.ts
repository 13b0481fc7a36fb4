import { RejectedRow } from '../rejected-row.js';
import { objectOf, tagsOf } from './json-values.js';
import { extraTags, namedTags } from './extra-tags.js';
import { moneyOf, textOf } from './field-values.js';
import { FieldReader } from './field-reader.js';
import type { Fields } from './field-reader.js';
import type { UsageImporter } from './importer.js';
import { langfuseTokens } from './langfuse-tokens.js';
import { namedTag } from './named-tag.js';

const reader = new FieldReader({
  id: ['id'],
  trace: ['traceId'],
  type: ['type'],
  name: ['name'],
  start: ['startTime'],
  end: ['endTime'],
  firstToken: ['completionStartTime'],
  model: ['providedModelName', 'model'],
  level: ['level'],
  statusMessage: ['statusMessage'],
  promptName: ['promptName'],
  promptVersion: ['promptVersion'],
  usage: ['usageDetails', 'usage'],
  costDetails: ['costDetails'],
  cost: ['totalCost', 'calculatedTotalCost'],
  latencyS: ['latency'],
  ttftS: ['timeToFirstToken'],
  user: ['userId'],
  session: ['sessionId'],
  tags: ['tags'],
  environment: ['environment'],
  input: ['inputTokens', 'promptTokens', 'inputUsage'],
  output: ['outputTokens', 'completionTokens', 'outputUsage'],
  total: ['totalTokens', 'totalUsage'],
  // Named here so that they don't become tags.
  dropped: ['input', 'output', 'metadata', 'projectId', 'parentObservationId', 'createdAt', 'updatedAt', 'version'],
});
type Field = Parameters<typeof reader.has>[1];

const TAGS_MAX = 20;

/** Langfuse's observations, from its API or an export. Only those of type GENERATION have usage; the others are passed over. */
export const langfuse: UsageImporter = {
  format: 'langfuse',
  source: 'langfuse',
  label: 'Langfuse observations',
  needs: 'observations with id, traceId, type and startTime',
  recognises: ({ first }) => reader.has(first.names, 'id', 'trace', 'type', 'start'),
  read: (record) => {
    const fields = reader.read(record);
    if (fields.text('type')?.toUpperCase() !== 'GENERATION') return [];
    const [id, tsStart, tsEnd] = [fields.text('id'), fields.time('start'), fields.time('end')];
    if (id === undefined || tsStart === undefined) throw new RejectedRow('id or startTime is empty');
    const isError = fields.text('level')?.toUpperCase() === 'ERROR';
    const tags = tagsOf(fields.value('tags'));
    return [
      {
        id,
        identity: id,
        rowKind: 'request',
        tsStart,
        tsEnd,
        modelRaw: fields.text('model'),
        operation: fields.text('name'),
        ...langfuseTokens(objectOf(fields.value('usage')), {
          input: fields.count('input'),
          output: fields.count('output'),
          total: fields.count('total'),
        }),
        ...timesOf(fields, tsStart, tsEnd),
        status: isError ? 'error' : 'ok',
        errorType: isError ? errorTypeOf(fields.value('statusMessage')) : undefined,
        team: namedTag(tags, 'team'),
        project: namedTag(tags, 'project'),
        feature: namedTag(tags, 'feature') ?? fields.text('promptName'),
        user: fields.text('user'),
        sessionId: fields.text('session'),
        traceId: fields.text('trace'),
        tags: { ...labelsOf(fields, tags), ...extraTags(fields.extras()) },
        costReportedNanoUsd: fields.money('cost') ?? costTotal(fields),
      },
    ];
  },
};

/** The two times say it exactly; without them, `latency` and `timeToFirstToken` are seconds. */
function timesOf(fields: Fields<Field>, start: Date, end: Date | undefined) {
  const firstToken = fields.time('firstToken');
  const since = (time: Date | undefined) =>
    time === undefined || time < start ? undefined : time.getTime() - start.getTime();
  return {
    latencyMs: since(end) ?? fields.seconds('latencyS'),
    ttftMs: since(firstToken) ?? fields.seconds('ttftS'),
  };
}

function costTotal(fields: Fields<Field>): bigint | undefined {
  const { total } = objectOf(fields.value('costDetails'));
  if (typeof total !== 'number' && typeof total !== 'string') return undefined;
  return moneyOf(total, 'costDetails.total');
}

/** The name of an error; what follows it may quote a prompt. */
function errorTypeOf(message: unknown): string | undefined {
  const name = textOf(message)?.split(/[:\s(]/, 1)[0];
  return name === undefined || !/^[\w.-]{2,60}$/.test(name) ? undefined : name;
}

function labelsOf(fields: Fields<Field>, tags: readonly string[]) {
  return {
    ...(tags.length === 0 ? {} : { request_tags: tags.slice(0, TAGS_MAX) }),
    ...namedTags({ environment: fields.value('environment'), prompt_version: fields.value('promptVersion') }),
  };
}
