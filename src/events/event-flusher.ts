import { setImmediate as turn, setTimeout as delay } from 'node:timers/promises';
import type { Metrics } from '../monitor/metrics.js';
import type { Database } from '../persistence/database.js';
import { isDatabaseUnavailable, isRefused, isTransient } from '../persistence/database-error.js';
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

/** What is made of the tries to store one batch, whole or in parts. */
interface Effort {
  /** From then on the first failure counts: the parts of a batch together hold those behind them up no longer than the whole. */
  readonly untilMs: number;
  /** A try that failed may be in the log all the same, or may yet get there. */
  isUnsure: boolean;
}

/** What a committed batch is handed to, in commit order, before its appenders go on. */
export type OnCommitted = (appended: readonly { readonly append: Append; readonly seq: number }[]) => void;

/** Group commit: while one batch is on its way to the disk, the next one gathers. Order of appends is order in the log. */
export class EventFlusher {
  private pending: Pending[] = [];
  private readonly waiting: (() => void)[] = [];
  private flushing = false;
  /** Of each run that has been appended to again, no earlier round is let in any more. */
  private round = 0;

  constructor(
    private readonly database: Pick<Database, 'rows' | 'row' | 'execute' | 'transaction'>,
    private readonly watch: FlushWatch,
    private readonly onCommitted: OnCommitted,
    private readonly outageMaxMs = OUTAGE_MAX_MS,
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
      await this.flush(batch, { untilMs: performance.now() + this.outageMaxMs, isUnsure: false });
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

  private async flush(batch: readonly Pending[], effort: Effort): Promise<void> {
    const failure = await this.store(batch, effort);
    if (failure === undefined) return;
    const { error } = failure;
    if (isDatabaseUnavailable(error)) {
      await this.lose(batch, error);
      return;
    }
    // What is wrong with one run must not fail the others; one bad row must not fail what stands before it.
    const runs = byAttempt(batch);
    if (runs.length > 1) {
      this.watch.logger.warn('event_batch_split', { error, events: batch.length });
      for (const ofRun of runs) await this.flush(ofRun, effort);
    } else if (batch.length > 1 && !isTransient(error)) {
      this.watch.logger.warn('event_batch_split', { error, events: batch.length });
      await this.storeOneByOne(batch, effort);
    } else {
      await this.lose(batch, error);
    }
  }

  /** Events of one run, up to the first that can't be stored. */
  private async storeOneByOne(ofRun: readonly Pending[], effort: Effort): Promise<void> {
    for (const [index, single] of ofRun.entries()) {
      const failure = await this.store([single], effort);
      if (failure === undefined) continue;
      await this.lose(ofRun.slice(index), failure.error);
      return;
    }
  }

  /** Rejects these, and whatever of the same attempts at runs came after them: it must not stand in the log without them. */
  private async lose(batch: readonly Pending[], error: unknown): Promise<void> {
    for (const { reject } of batch) reject(error);
    // Behind this turn the leases have heard of it and let nothing more through: what has come by then is all there is.
    await turn();
    const lost = new Set(batch.map(({ append }) => attemptOf(append)));
    const pending = this.pending;
    this.pending = pending.filter(({ append }) => !lost.has(attemptOf(append)));
    for (const { append, reject } of pending) {
      if (lost.has(attemptOf(append))) reject(new LostRunError(append.fence.runId));
    }
  }

  /** Stores a batch as a whole and tells its appenders; answers why it could not. */
  private async store(batch: readonly Pending[], effort: Effort): Promise<{ readonly error: unknown } | undefined> {
    let seqs: AppendedSeqs;
    const startedMs = performance.now();
    try {
      seqs = await this.write(
        batch.map(({ append }) => append),
        effort,
      );
    } catch (error) {
      return { error };
    }
    this.watch.metrics.flushed(batch.length, performance.now() - startedMs);
    // Outside the try: what is stored must not be appended again because somebody could not be told of it.
    this.settle(batch, seqs);
    return undefined;
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
  private async write(batch: readonly Append[], effort: Effort): Promise<AppendedSeqs> {
    for (;;) {
      try {
        if (effort.isUnsure) return await this.writeAgain(batch);
        return await appendBatch(this.database, batch, this.round);
      } catch (error) {
        effort.isUnsure ||= !(isTransient(error) || isRefused(error));
        const isPassing = isDatabaseUnavailable(error) || isTransient(error);
        if (!isPassing || performance.now() > effort.untilMs) throw error;
        await delay(RETRY_DELAY_MS);
      }
    }
  }

  private writeAgain(batch: readonly Append[]): Promise<AppendedSeqs> {
    this.round += 1;
    const { round } = this;
    return this.database.transaction((sql) => appendAgain(sql, batch, round));
  }
}

/** The fence in one value. */
const attemptOf = ({ fence }: Append): string => `${fence.runId} ${fence.epoch}`;

function byAttempt(batch: readonly Pending[]): Pending[][] {
  const parts = new Map<string, Pending[]>();
  for (const each of batch) {
    const attempt = attemptOf(each.append);
    const part = parts.get(attempt);
    if (part === undefined) parts.set(attempt, [each]);
    else part.push(each);
  }
  return [...parts.values()];
}
