import { isJsonObject } from '../../../context/json.js';
import { RejectedRow } from '../rejected-row.js';
import type { SourceRecord } from '../reading/source-record.js';
import type { FileSample } from '../reading/usage-file.js';
import { FieldReader } from './field-reader.js';
import type { UsageDraft } from './importer.js';

/** The period that the results of a report's bucket are of. */
export interface BucketPeriod {
  readonly tsStart: Date;
  readonly tsEnd: Date | undefined;
}

const bucket = new FieldReader({
  start: ['start_time', 'starting_at'],
  end: ['end_time', 'ending_at'],
  results: ['results', 'result'],
  page: ['data'],
});

/** Whether a file holds report buckets, alone or in pages, whose start has this name. */
export function isReport({ kind, some }: FileSample, startName: 'start_time' | 'starting_at'): boolean {
  return (
    kind === 'json' &&
    some
      .flatMap((record) => bucketsOf(record) ?? [record])
      .some(({ names }) => names.includes(startName) && bucket.has(names, 'results'))
  );
}

/** Whether the first result of the file has a field; undefined when there is no result at all. */
export function firstResultHas({ some }: FileSample, field: string): boolean | undefined {
  for (const each of some.flatMap((record) => bucketsOf(record) ?? [record])) {
    const results = bucket.read(each).value('results');
    const first = Array.isArray(results) ? recordsOf(results, each.line)[0] : undefined;
    if (first !== undefined) return first.names.includes(field);
  }
  return undefined;
}

/** Reads the results of a bucket, or of all buckets of a page; a bad result costs itself only. */
export function readReport(
  record: SourceRecord,
  readResult: (result: SourceRecord, period: BucketPeriod) => UsageDraft,
): (UsageDraft | RejectedRow)[] {
  return (bucketsOf(record) ?? [record]).flatMap((each) => {
    const fields = bucket.read(each);
    const [tsStart, tsEnd, results] = [fields.time('start'), fields.time('end'), fields.value('results')];
    if (tsStart === undefined || !Array.isArray(results)) throw new RejectedRow('a bucket needs a start and results');
    return recordsOf(results, each.line).map((result) => orRejected(() => readResult(result, { tsStart, tsEnd })));
  });
}

/** The buckets of a page; undefined when the record is no page. */
function bucketsOf(record: SourceRecord): SourceRecord[] | undefined {
  const page = bucket.read(record).value('page');
  return Array.isArray(page) ? recordsOf(page, record.line) : undefined;
}

function orRejected(read: () => UsageDraft): UsageDraft | RejectedRow {
  try {
    return read();
  } catch (error) {
    if (error instanceof RejectedRow) return error;
    throw error;
  }
}

const recordsOf = (items: readonly unknown[], line: number): SourceRecord[] =>
  items.map((item) =>
    isJsonObject(item)
      ? { line, names: Object.keys(item), values: Object.values(item) }
      : { line, names: [], values: [] },
  );
