import { Inject, Injectable } from '@nestjs/common';
import { GoldenPathMonitor } from '../monitor/golden-path-monitor.js';
import { Metrics } from '../monitor/metrics.js';
import { tallyIndex } from '../monitor/event-tally.js';
import { hasSqlState } from '../persistence/database-error.js';
import { Database } from '../persistence/database.js';
import type { UserScope } from '../persistence/sql.js';
import { Clock } from '../telemetry/clock.js';
import { Ids } from '../telemetry/ids.js';
import { Logger } from '../telemetry/logger.js';
import { readBack } from './append-statement.js';
import type { Append, NewEvent } from './event-append.js';
import { EventFlusher, type OnCommitted } from './event-flusher.js';
import { runIdOf, typeOf } from './event-text.js';
import { EventTransaction, type EventDraft, type EventOwner } from './event-transaction.js';
import { ThreadHub, type StoredEvent, type ThreadBatch } from './thread-hub.js';

/** lock_not_available, deadlock_detected, serialization_failure: the same again may well work. */
const LOCK_STATES = ['55P03', '40P01', '40001'];
const TRANSACTION_ATTEMPTS = 3;

/** Statements on their way at once. Each thread always goes through the same flusher, which keeps its order. */
const FLUSHERS = 2;

export interface PageRange {
  readonly threadId: string;
  readonly afterSeq: number;
  readonly limit: number;
}

/** The durable, gap-free log of every thread: persist, then publish. */
@Injectable()
export class EventLog {
  private readonly flushers: readonly EventFlusher[];

  constructor(
    private readonly database: Database,
    private readonly hub: ThreadHub,
    private readonly clock: Clock,
    private readonly ids: Ids,
    private readonly logger: Logger,
    private readonly metrics: Metrics,
    @Inject(GoldenPathMonitor) private readonly monitor: Pick<GoldenPathMonitor, 'appended'>,
  ) {
    const publish: OnCommitted = (appended) => this.publish(byThread(appended));
    this.flushers = Array.from({ length: FLUSHERS }, () => new EventFlusher(database, { logger, metrics }, publish));
  }

  /** Appends a run's event behind its fence; resolves with its seq once it is on disk and published. Throws LostRunError. */
  append(append: Append): Promise<number> {
    return this.flusherOf(append.threadId).append(append);
  }

  /** Resolves when the log can take more of this thread; bounds what is appended without being awaited. */
  room(threadId: string): Promise<void> {
    return this.flusherOf(threadId).room();
  }

  /** The seqs of these appends that are in the log already, e.g. after a send whose outcome is unknown. */
  async alreadyAppended(append: Append): Promise<number | undefined> {
    return (await readBack(this.database, [append]))[0];
  }

  /**
   * One transaction that may append events and change other rows; what it appended is published after the commit.
   * Lock order: user, then runs, then threads. `work` may run more than once.
   */
  async transaction<Result>(work: (transaction: EventTransaction) => Promise<Result>): Promise<Result> {
    for (let attempt = 1; ; attempt += 1) {
      const appended: ThreadBatch[] = [];
      try {
        const result = await this.database.transaction((sql) => work(new EventTransaction(sql, this, appended)));
        this.publish(appended);
        return result;
      } catch (error) {
        // Nothing of it is stored: somebody else held a row for too long, or both waited for each other.
        if (attempt >= TRANSACTION_ATTEMPTS || !LOCK_STATES.some((state) => hasSqlState(error, state))) throw error;
      }
    }
  }

  /** Events after a position, oldest first; empty for a thread that is not the user's. Uses run_event_pkey. */
  async page(scope: UserScope, range: PageRange): Promise<StoredEvent[]> {
    return this.database.rows<StoredEvent>(
      `SELECT e.seq, e.payload AS text FROM run_event e
       JOIN thread t ON t.id = e.thread_id
       WHERE e.thread_id = $1 AND t.tenant_id = $2 AND t.user_id = $3 AND e.seq > $4
       ORDER BY e.seq LIMIT $5`,
      [range.threadId, scope.tenantId, scope.userId, range.afterSeq, range.limit],
    );
  }

  /** Makes an event: gives it an id and a time and serialises it, once, as every client will see it. */
  compose(owner: EventOwner, { type, fields, eventId = this.ids.next() }: EventDraft): NewEvent {
    const payload = JSON.stringify({
      type,
      event_id: eventId,
      thread_id: owner.threadId,
      user_id: owner.userId,
      timestamp: this.clock.timestamp(),
      ...fields,
    });
    return { eventId, type, payload };
  }

  /** What is stored is stored: a listener that fails finds it in the log, and whoever appended must not hear of it. */
  private publish(batches: readonly ThreadBatch[]): void {
    for (const batch of batches) {
      try {
        this.count(batch);
        this.hub.publish(batch);
      } catch (error) {
        this.logger.warn('publish_failed', { error, thread_id: batch.threadId });
      }
    }
  }

  private count({ threadId, events }: ThreadBatch): void {
    for (const { seq, text } of events) {
      const type = typeOf(text);
      this.metrics.appended.add(tallyIndex(type));
      const runId = runIdOf(text);
      if (runId !== undefined) this.monitor.appended(threadId, { seq, type, runId });
    }
  }

  private flusherOf(threadId: string): EventFlusher {
    // The last digits of a version 7 id are random.
    const shard = Number.parseInt(threadId.slice(-4), 16) % this.flushers.length;
    const flusher = this.flushers[shard];
    if (flusher === undefined) throw new Error(`no flusher for thread ${threadId}`);
    return flusher;
  }
}

function byThread(appended: readonly { append: Append; seq: number }[]): ThreadBatch[] {
  const batches = new Map<string, { threadId: string; userId: string; events: StoredEvent[] }>();
  for (const { append, seq } of appended) {
    const batch = batches.get(append.threadId) ?? { threadId: append.threadId, userId: append.userId, events: [] };
    batch.events.push({ seq, text: append.event.payload });
    batches.set(append.threadId, batch);
  }
  return [...batches.values()];
}
