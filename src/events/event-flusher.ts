import { setTimeout as delay } from 'node:timers/promises';
import type { Metrics } from '../monitor/metrics.js';
import type { Database } from '../persistence/database.js';
import { isDatabaseUnavailable, isTransient } from '../persistence/database-error.js';
import type { Logger } from '../telemetry/logger.js';
import { appendAgain, appendBatch, type AppendedSeqs } from './append-statement.js';
import type { Append } from './event-append.js';
import { LostRunError } from './lost-run-error.js';

const BATCH_EVENTS_MAX = 1_000;
const BATCH_BYTES_MAX = 256 * 1024;
/** Appenders wait beyond this: memory stays bounded when the database is slower than the agents. */
const PENDING_MAX = 5_000;
/** A database that is away for longer fails the append; the run is taken over when it is back. */
const OUTAGE_MAX_MS = 10_000;
const RETRY_DELAY_MS = 100;

/** Who is told how it goes. */
interface FlushWatch {
  readonly logger: Pick<Logger, 'warn'>;
  readonly metrics: Pick<Metrics, 'flushed'>;
}

interface Pending {
  readonly append: Append;
  readonly resolve: (seq: number) => void;
  readonly reject: (error: unknown) => void;
}

/** What a committed batch is handed to, in commit order, before its appenders go on. */
export type OnCommitted = (appended: readonly { readonly append: Append; readonly seq: number }[]) => void;

/** Group commit: while one batch is on its way to the disk, the next one gathers. Order of appends is order in the log. */
export class EventFlusher {
  private pending: Pending[] = [];
  private readonly waiting: (() => void)[] = [];
  private flushing = false;

  constructor(
    private readonly database: Pick<Database, 'rows' | 'row' | 'execute' | 'transaction'>,
    private readonly watch: FlushWatch,
    private readonly onCommitted: OnCommitted,
  ) {}

  /** Resolves with the event's seq once it is on disk; rejects with LostRunError when the fence held it off. */
  append(append: Append): Promise<number> {
    return new Promise<number>((resolve, reject) => {
      this.pending.push({ append, resolve, reject });
      if (!this.flushing) {
        this.flushing = true;
        // The rest of this turn's appends join the batch.
        setImmediate(() => void this.flushAll());
      }
    });
  }

  /** Resolves when there is room for more: whoever does not wait for its own append waits for this. */
  room(): Promise<void> {
    return this.pending.length < PENDING_MAX ? Promise.resolve() : new Promise((resolve) => this.waiting.push(resolve));
  }

  private async flushAll(): Promise<void> {
    while (this.pending.length > 0) {
      const batch = this.take();
      await this.flush(batch);
      if (this.pending.length < PENDING_MAX) for (const goOn of this.waiting.splice(0)) goOn();
    }
    this.flushing = false;
  }

  private take(): Pending[] {
    let bytes = 0;
    let count = 0;
    for (const { append } of this.pending) {
      bytes += append.event.payload.length + (append.effects?.toolCall?.result?.length ?? 0);
      if (count > 0 && (count >= BATCH_EVENTS_MAX || bytes > BATCH_BYTES_MAX)) break;
      count += 1;
    }
    return this.pending.splice(0, count);
  }

  private async flush(batch: readonly Pending[]): Promise<void> {
    let seqs: AppendedSeqs;
    const startedMs = performance.now();
    try {
      seqs = await this.write(batch.map(({ append }) => append));
    } catch (error) {
      if (batch.length === 1 || isDatabaseUnavailable(error)) {
        for (const { reject } of batch) reject(error);
        return;
      }
      // One bad row must not fail the others: each run's events again on their own.
      this.watch.logger.warn('event_batch_split', { error, events: batch.length });
      for (const single of batch) await this.flush([single]);
      return;
    }
    this.watch.metrics.flushed(batch.length, performance.now() - startedMs);
    // Outside the try: what is stored must not be appended again because somebody could not be told of it.
    this.settle(batch, seqs);
  }

  private settle(batch: readonly Pending[], seqs: AppendedSeqs): void {
    this.onCommitted(
      batch.flatMap(({ append }, index) => {
        const seq = seqs[index];
        return seq === undefined ? [] : [{ append, seq }];
      }),
    );
    batch.forEach(({ append, resolve, reject }, index) => {
      const seq = seqs[index];
      if (seq === undefined) reject(new LostRunError(append.fence.runId));
      else resolve(seq);
    });
  }

  /** When the connection breaks, the batch may or may not be in the log: the next try looks first. */
  private async write(batch: readonly Append[]): Promise<AppendedSeqs> {
    const deadline = performance.now() + OUTAGE_MAX_MS;
    let unsure = false;
    for (;;) {
      try {
        if (unsure) return await this.database.transaction((sql) => appendAgain(sql, batch));
        return await appendBatch(this.database, batch);
      } catch (error) {
        const away = isDatabaseUnavailable(error);
        if (!(away || isTransient(error)) || performance.now() > deadline) throw error;
        unsure ||= away;
        await delay(RETRY_DELAY_MS);
      }
    }
  }
}
