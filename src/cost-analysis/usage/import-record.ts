import type { JsonObject } from '../../context/json.js';

/** A row that was not taken. */
export interface RejectSample {
  readonly line: number;
  readonly reason: string;
}

/** What an import did, or did so far. Costs are those of the accepted and repriced rows, in nano-USD; undefined when no row had one. */
export interface ImportRecord {
  readonly id: string;
  readonly format: string;
  readonly status: 'running' | 'completed' | 'failed';
  readonly label: string;
  readonly synthetic: boolean;
  readonly priceAs: string | undefined;
  /** Rows added by this import. */
  readonly accepted: number;
  /** Rows that were there already. */
  readonly duplicates: number;
  /** Rows that were there without a price, or as a bucket that was still open or is superseded, and have one now or hold what this file says. */
  readonly repriced: number;
  /** Of the duplicates, buckets and lines of bills of which the file says something else than what stays: the larger one, unless it supersedes. */
  readonly differing: number;
  readonly rejected: number;
  /** The first 20 of the rejected. */
  readonly rejectSamples: readonly RejectSample[];
  /** How much of the file was read, 0 to 100; undefined when its size is not known. */
  readonly percent: number | undefined;
  /** Earliest and latest start of the accepted and repriced rows. */
  readonly from: Date | undefined;
  readonly to: Date | undefined;
  readonly costReportedNanoUsd: bigint | undefined;
  readonly costComputedNanoUsd: bigint | undefined;
  /** Why it failed, as {code, message, details}. */
  readonly error: JsonObject | undefined;
  readonly createdAt: Date;
  readonly finishedAt: Date | undefined;
}
