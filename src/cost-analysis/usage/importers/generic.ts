import { RejectedRow } from '../rejected-row.js';
import type { SourceRecord } from '../reading/source-record.js';
import { checkCurrency } from './billed-amount.js';
import { extraTags } from './extra-tags.js';
import { FieldReader } from './field-reader.js';
import type { Fields } from './field-reader.js';
import { GENERIC_ALIASES } from './generic-aliases.table.js';
import type { GenericField } from './generic-aliases.table.js';
import type { UsageDraft, UsageImporter } from './importer.js';
import { inputParts, type InputParts } from './input-parts.js';
import { responseIdOf } from './response-id.js';

const reader = new FieldReader<GenericField>(GENERIC_ALIASES);

/** An id shorter than this is a row number or the like: two systems would share it. */
const OWN_ID_CHARS_MIN = 16;

/** Any table with a time, a model and token counts under usual names. Columns it doesn't know become tags. */
export const generic: UsageImporter = {
  format: 'generic',
  source: 'generic',
  label: 'Usage table',
  needs: 'a column for the time (timestamp, time, date …) and one for tokens (input_tokens, output_tokens …) or cost',
  recognises: ({ first }) => {
    const has = (field: GenericField) => reader.has(first.names, field);
    return has('time') && (has('input') || has('inputUncached') || has('output') || has('cost'));
  },
  read: (record) => {
    const fields = reader.read(record);
    const start = fields.time('time');
    if (start === undefined) throw new RejectedRow('the time is empty');
    return [draftOf(fields, start, inputOf(fields, record))];
  },
};

/** One literal without a spread: that would cost more than all else here. */
function draftOf(fields: Fields<GenericField>, tsStart: Date, input: InputParts): UsageDraft {
  const [id, requests] = [fields.text('id'), fields.count('requests')];
  return {
    id: id !== undefined && id.length >= OWN_ID_CHARS_MIN ? id : undefined,
    responseId: responseIdOf(id),
    identity: () => fields.content(),
    rowKind: requests === undefined || (requests === 1 && responseIdOf(id) !== undefined) ? 'request' : 'bucket',
    tsStart,
    tsEnd: fields.time('end'),
    provider: fields.text('provider'),
    modelRaw: fields.text('model'),
    operation: fields.text('operation'),
    inputUncached: input.inputUncached,
    cacheRead: input.cacheRead,
    cacheWrite5m: input.cacheWrite5m,
    cacheWrite1h: input.cacheWrite1h,
    output: fields.count('output') ?? 0,
    reasoning: fields.count('reasoning'),
    requests,
    status: statusOf(fields),
    errorType: fields.text('errorType'),
    latencyMs: fields.milliseconds('latencyMs') ?? fields.seconds('latencyS'),
    ttftMs: fields.milliseconds('ttftMs'),
    stream: fields.flag('stream'),
    finishReason: fields.text('finishReason'),
    isBatch: fields.flag('batch'),
    serviceTier: fields.text('serviceTier'),
    team: fields.text('team'),
    project: fields.text('project'),
    feature: fields.text('feature'),
    user: fields.text('user'),
    apiKey: fields.text('apiKey'),
    prompt: wholeText(fields.value('prompt')),
    prefix: wholeText(fields.value('prefix')),
    sessionId: fields.text('session'),
    traceId: fields.text('trace'),
    tags: extraTags(fields.extras()),
    costReportedNanoUsd: costOf(fields),
  };
}

function inputOf(fields: Fields<GenericField>, { names }: SourceRecord): InputParts {
  const [total, uncached] = [fields.count('input'), fields.count('inputUncached')];
  if (
    total === undefined &&
    uncached === undefined &&
    fields.value('output') === undefined &&
    fields.value('cost') === undefined
  )
    throw new RejectedRow('the row has neither tokens nor cost');
  const cacheWrite =
    fields.count('cacheWrite') ?? (fields.count('cacheWrite5m') ?? 0) + (fields.count('cacheWrite1h') ?? 0);
  const reported = {
    total,
    uncached,
    cacheRead: fields.count('cacheRead'),
    cacheWrite,
    cacheWrite1h: fields.count('cacheWrite1h'),
  };
  return inputParts(reported, isAnthropicUsage(names) ? 'exclusive' : 'likely_inclusive');
}

/** Exactly these names together are a copy of Anthropic's usage object, whose input_tokens leave out the cached ones. */
const isAnthropicUsage = (names: readonly string[]): boolean =>
  (names.includes('cache_read_input_tokens') || names.includes('cache_creation_input_tokens')) &&
  names.includes('input_tokens');

const OK_WORDS = new Set([
  'ok',
  'success',
  'successful',
  'succeeded',
  'complete',
  'completed',
  'true',
  'stop',
  'done',
  '1',
]);
const CACHED_WORDS = new Set(['cached', 'cache_hit', 'hit']);
const ABORTED_WORDS = new Set(['aborted', 'cancelled', 'canceled', 'abort']);

/** Words, or the code of an HTTP answer. What is none of the known good words is an error. */
function statusOf(fields: Fields<GenericField>): UsageDraft['status'] {
  const status = fields.text('status')?.toLowerCase();
  if (status === undefined) return fields.text('errorType') === undefined ? 'ok' : 'error';
  if (OK_WORDS.has(status) || /^[23]\d\d$/.test(status)) return 'ok';
  if (CACHED_WORDS.has(status)) return 'cached';
  return ABORTED_WORDS.has(status) || status === '499' ? 'aborted' : 'error';
}

function costOf(fields: Fields<GenericField>): bigint | undefined {
  const cost = fields.money('cost');
  if (cost !== undefined) checkCurrency(fields.value('currency'));
  return cost;
}

const wholeText = (value: unknown): string | undefined =>
  value === undefined ? undefined : typeof value === 'string' ? value : JSON.stringify(value);
