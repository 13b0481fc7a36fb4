import { setImmediate as turn } from 'node:timers/promises';
import { AppError } from '../../errors/app-error.js';
import type { RejectSample } from './import-record.js';
import type { UsageDraft } from './importers/importer.js';
import { periodOf } from './period-of-rows.js';
import type { Period } from './period-of-rows.js';
import { RejectedRow } from './rejected-row.js';
import type { SourceRecord } from './reading/source-record.js';
import type { NewImport, Rejects, UsageImportStore } from './usage-import-store.js';
import type { UsageRow } from './usage-row.js';
import type { UsageWriter } from './usage-writer.js';

/** Rows in one statement: large enough that the round trip doesn't count, small enough for progress and memory. */
export const BATCH_ROWS = 1_000;
/** So many records are read in a row; then come others, and the answers of the database to the batch that is being written. */
export const TURN_RECORDS = 128;
const REJECT_SAMPLES_MAX = 20;

interface RowMaking {
  readonly started: NewImport;
  read(record: SourceRecord): readonly (UsageDraft | RejectedRow)[];
  make(draft: UsageDraft): UsageRow;
  /** How much of the file was read, 0 to 100; undefined when its size is not known. */
  percent(): number | undefined;
  /** After each batch that is stored. */
  onStored(): void;
}

/** One file on its way into the database: a batch is read while the one before it is written. */
export class ImportRun {
  private readonly samples: RejectSample[] = [];
  private rejected = 0;
  private records = 0;
  private batch: UsageRow[] = [];
  private writing: Promise<void> = Promise.resolve();
  private stored = 0;
  private sinceTurn = 0;
  private touched: Period | undefined;

  constructor(
    private readonly store: Pick<UsageImportStore, 'writerOf'>,
    private readonly signal: AbortSignal | undefined,
  ) {}

  /** Rows that are stored or refused. */
  get rows(): number {
    return this.stored + this.rejected;
  }

  /** Rows that were stored or were there already. */
  get written(): number {
    return this.stored;
  }

  /** Of all rows that were stored or were there already; undefined when there are none. */
  get period(): Period | undefined {
    return this.touched;
  }

  get rejects(): Rejects {
    return { count: this.rejected, samples: this.samples };
  }

  /** Throws what ended the reading or the writing; no write is under way any more then. */
  async all(records: AsyncIterable<readonly (SourceRecord | RejectedRow)[]>, making: RowMaking): Promise<void> {
    const writer = this.store.writerOf(making.started);
    try {
      for await (const piece of records) {
        for (const record of piece) {
          this.take(record, making);
          if (this.batch.length >= BATCH_ROWS) await this.write(writer, making);
          this.sinceTurn += 1;
          if (this.sinceTurn >= TURN_RECORDS) await this.giveTurn();
        }
        this.throwIfStopped();
      }
      if (this.records === 0 && this.rejected === 0) throw new AppError('validation_failed', 'The file has no rows.');
      await this.write(writer, making);
    } finally {
      await this.writing;
    }
  }

  private async giveTurn(): Promise<void> {
    this.sinceTurn = 0;
    await turn();
  }

  private take(record: SourceRecord | RejectedRow, making: RowMaking): void {
    if (record instanceof RejectedRow) {
      this.reject(record, record.line);
      return;
    }
    this.records += 1;
    try {
      for (const draft of making.read(record)) this.takeDraft(draft, record.line, making);
    } catch (error) {
      this.rejectIfRow(error, record.line);
    }
  }

  private takeDraft(draft: UsageDraft | RejectedRow, line: number, making: RowMaking): void {
    try {
      if (draft instanceof RejectedRow) this.reject(draft, line);
      else this.batch.push(making.make(draft));
    } catch (error) {
      this.rejectIfRow(error, line);
    }
  }

  private rejectIfRow(error: unknown, line: number): void {
    if (!(error instanceof RejectedRow)) throw error;
    this.reject(error, line);
  }

  private reject({ reason }: RejectedRow, line: number): void {
    this.rejected += 1;
    if (this.samples.length < REJECT_SAMPLES_MAX) this.samples.push({ line, reason });
  }

  private async write(writer: UsageWriter, making: RowMaking): Promise<void> {
    const { rejected, batch: rows } = this;
    const batch = writer.prepare(rows);
    this.batch = [];
    this.touched = periodOf(rows, this.touched);
    await this.writing;
    this.writing = writer.add(batch, { rejected, percent: making.percent(), before: this.stored }).then(() => {
      this.stored += rows.length;
      // What held them may be in the old generation by now and, though dead, would keep them until all of that is collected.
      rows.length = 0;
      making.onStored();
    });
    // It is awaited before the next batch and at the end; until then its failure must not count as unhandled.
    this.writing.catch(() => undefined);
  }

  private throwIfStopped(): void {
    if (this.signal?.aborted !== true) return;
    const reason: unknown = this.signal.reason;
    throw reason instanceof AppError
      ? reason
      : new AppError('server_draining', 'The import was stopped. Send the file again: nothing is doubled.');
  }
}
