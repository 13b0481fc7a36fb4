import type { SourceRecord } from '../reading/source-record.js';
import { bucketIdentity, type BucketKey } from './bucket-identity.js';
import type { Fields } from './field-reader.js';
import type { UsageDraft, UsageImporter } from './importer.js';
import { firstResultHas, isReport, readReport } from './report-buckets.js';
import type { BucketPeriod } from './report-buckets.js';

interface CostReport extends Pick<UsageImporter, 'format' | 'source' | 'label' | 'needs'> {
  /** What the report calls the beginning of a bucket. */
  readonly start: 'start_time' | 'starting_at';
  readonly readResult: (result: SourceRecord, period: BucketPeriod) => UsageDraft;
}

/** The importer of a provider's API of costs: each result of a bucket is a line of the bill. */
export const costReport = ({ start, readResult, ...declared }: CostReport): UsageImporter => ({
  ...declared,
  recognises: (sample) => isReport(sample, start) && firstResultHas(sample, 'amount') !== false,
  read: (record) => readReport(record, readResult),
});

type Billed = Pick<
  UsageDraft,
  'provider' | 'modelRaw' | 'serviceTier' | 'project' | 'user' | 'apiKey' | 'tags' | 'costReportedNanoUsd'
>;

/** A line of a provider's bill, from its API as from its console; `dimensions` tell it from the others of its period. */
export const billLine = <Field extends string>(
  fields: Fields<Field>,
  { tsStart, tsEnd, ...key }: BucketPeriod & BucketKey<Field>,
  billed: Billed,
): UsageDraft => ({
  identity: bucketIdentity(fields, [tsStart, tsEnd], key),
  rowKind: 'bucket',
  isBill: true,
  tsStart,
  tsEnd,
  inputUncached: 0,
  output: 0,
  status: 'ok',
  ...billed,
});
