import { isJsonObject } from '../../../context/json.js';
import { RejectedRow } from '../rejected-row.js';
import type { SourceRecord } from '../reading/source-record.js';
import { extraTags } from './extra-tags.js';
import { FieldReader } from './field-reader.js';
import type { UsageDraft, UsageImporter } from './importer.js';
import { inputParts } from './input-parts.js';

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
const bucket = new FieldReader({
  start: ['start_time'],
  end: ['end_time'],
  results: ['results', 'result'],
  page: ['data'],
});

/** `GET /v1/organization/usage/…` of OpenAI: one page or many, as they came. Each result of a bucket is a row. */
export const openaiUsage: UsageImporter = {
  format: 'openai-usage',
  source: 'openai-usage',
  label: 'OpenAI usage API',
  needs: 'buckets with start_time, end_time and results, as the usage API answers them',
  recognises: ({ kind, first }) =>
    kind === 'json' &&
    (bucket.has(first.names, 'start', 'results') ||
      (bucket.has(first.names, 'page') && bucketsOf(first) !== undefined)),
  read: (record) => (bucketsOf(record) ?? [record]).flatMap((each) => readBucket(each)),
};

/** The buckets of a page; undefined when the record is no page. */
function bucketsOf(record: SourceRecord): SourceRecord[] | undefined {
  const page = bucket.read(record).value('page');
  return Array.isArray(page) ? recordsOf(page, record.line) : undefined;
}

function readBucket(record: SourceRecord): (UsageDraft | RejectedRow)[] {
  const fields = bucket.read(record);
  const [tsStart, tsEnd, results] = [fields.time('start'), fields.time('end'), fields.value('results')];
  if (tsStart === undefined || !Array.isArray(results)) throw new RejectedRow('a bucket needs start_time and results');
  return recordsOf(results, record.line).map((each) => {
    try {
      return readResult(each, tsStart, tsEnd);
    } catch (error) {
      if (error instanceof RejectedRow) return error;
      throw error;
    }
  });
}

function readResult(record: SourceRecord, tsStart: Date, tsEnd: Date | undefined): UsageDraft {
  const fields = result.read(record);
  if (fields.value('amount') !== undefined) throw new RejectedRow('a result of the costs API, not of the usage API');
  const [total, uncached, output] = [fields.count('input'), fields.count('uncached'), fields.count('output')];
  if (total === undefined && uncached === undefined && output === undefined)
    throw new RejectedRow('the result has no tokens');
  const dimensions = ['object', 'model', 'project', 'user', 'apiKey', 'batch', 'serviceTier'] as const;
  return {
    // A later export may hold a fuller count of the same bucket; it must not become a second one.
    identity: JSON.stringify([tsStart, tsEnd, ...dimensions.map((dimension) => fields.value(dimension) ?? null)]),
    rowKind: 'bucket',
    tsStart,
    tsEnd,
    provider: 'openai',
    modelRaw: fields.text('model'),
    operation: fields.text('object')?.split('.')[2],
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

const recordsOf = (items: readonly unknown[], line: number): SourceRecord[] =>
  items.map((item) =>
    isJsonObject(item)
      ? { line, names: Object.keys(item), values: Object.values(item) }
      : { line, names: [], values: [] },
  );
