import type { JsonObject } from '../../../context/json.js';
import type { RejectedRow } from '../rejected-row.js';
import type { FileSample } from '../reading/usage-file.js';
import type { SourceRecord } from '../reading/source-record.js';

/** What an importer makes of a record: usage in our terms, not yet priced, and people's names not yet hashed. */
export interface UsageDraft {
  /** The source's own id of the row, when it is unique in that source. */
  readonly id?: string | undefined;
  /** What makes the row the same row when it is imported again, for rows without an id of their own; a function where it takes work to make. */
  readonly identity: string | (() => string);
  /** The provider's own id of the answer, which is the same in every source that recorded the request. */
  readonly responseId?: string | undefined;
  readonly rowKind: 'request' | 'bucket';
  /** A line of a provider's bill: a cost that stands beside usage and is not priced. */
  readonly isBill?: boolean | undefined;
  readonly tsStart: Date;
  readonly tsEnd?: Date | undefined;
  readonly provider?: string | undefined;
  readonly modelRaw?: string | undefined;
  readonly operation?: string | undefined;
  /** Disjoint parts of the input: together they are all of it. */
  readonly inputUncached: number;
  readonly cacheRead?: number | undefined;
  readonly cacheWrite5m?: number | undefined;
  readonly cacheWrite1h?: number | undefined;
  readonly output: number;
  readonly reasoning?: number | undefined;
  /** Calls in a bucket; undefined when unknown. */
  readonly requests?: number | undefined;
  readonly status: 'ok' | 'error' | 'cached' | 'aborted';
  readonly errorType?: string | undefined;
  readonly latencyMs?: number | undefined;
  readonly ttftMs?: number | undefined;
  readonly stream?: boolean | undefined;
  readonly finishReason?: string | undefined;
  readonly isBatch?: boolean | undefined;
  readonly serviceTier?: string | undefined;
  /** Of a bucket: whether its calls had more input than 200,000 tokens; undefined when unknown. */
  readonly isLongContext?: boolean | undefined;
  readonly team?: string | undefined;
  readonly project?: string | undefined;
  readonly feature?: string | undefined;
  /** Stored as salted hashes only. */
  readonly user?: string | undefined;
  readonly apiKey?: string | undefined;
  readonly prompt?: string | undefined;
  readonly prefix?: string | undefined;
  readonly sessionId?: string | undefined;
  readonly traceId?: string | undefined;
  readonly tags?: JsonObject | undefined;
  readonly costReportedNanoUsd?: bigint | undefined;
}

/** Reads the files of one source. One file here and one line in importers.ts make a new one. */
export interface UsageImporter {
  /** Its name in `?format=`; importers may share one. */
  readonly format: string;
  /** `usage_event.source`: ids are unique within it. */
  readonly source: string;
  /** How reports call data of this source. */
  readonly label: string;
  /** What a file of this source must have, for the message about one that hasn't. */
  readonly needs: string;
  recognises(sample: FileSample): boolean;
  /** The usage in one record. Throws RejectedRow when there is none; a record with several parts may have both. */
  read(record: SourceRecord): readonly (UsageDraft | RejectedRow)[];
}
