import type { RejectedRow } from '../rejected-row.js';

/** One record of a file, before anybody knows what its fields mean. */
export interface SourceRecord {
  /** Line on which it starts, counted from 1. */
  readonly line: number;
  /** Names of the fields; the same array for all records of a CSV file. */
  readonly names: readonly string[];
  readonly values: readonly unknown[];
}

/** Turns pieces of text into records, whatever the pieces' borders. What can't be read comes out as a RejectedRow. */
export interface RecordSplitter {
  push(text: string): (SourceRecord | RejectedRow)[];
  /** What is left when the text ends. Throws AppError validation_failed when the file breaks off in its middle. */
  end(): (SourceRecord | RejectedRow)[];
}
