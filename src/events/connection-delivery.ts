import type { UserScope } from '../persistence/sql.js';
import { EventTally, tallyIndex } from '../monitor/event-tally.js';
import type { Clock } from '../telemetry/clock.js';
import { DeliveryRecord, type DeliveryError } from './delivery-record.js';
import { runIdOf, typeOf } from './event-text.js';
import type { FrameSink } from './frame-sink.js';
import type { StoredEvent } from './thread-hub.js';

/** Who reads: a WebSocket connection or a stream of server-sent events. */
export interface Reader extends UserScope {
  readonly connectionId: string;
  readonly door: 'socket' | 'stream';
}

/** What a client said it has of a thread, as far as it is not written yet. */
export interface PendingAck {
  readonly threadId: string;
  readonly fromSeq: number;
  readonly toSeq: number;
}

interface ThreadMark {
  startSeq: number;
  ackedSeq: number | undefined;
}

/** Written records are forgotten beyond this: what comes later is added to their rows. */
const RECORDS_MAX = 16;
/** Unwritten ones too, when the database is away for long. */
const UNWRITTEN_RECORDS_MAX = 200;
const THREADS_MAX = 1_000;
/** Of a longer stretch that is acknowledged at once only the end is looked up. */
const ACKED_AT_ONCE_MAX = 10_000;

/** What one connection was sent and acknowledged, until it is written down. */
export class ConnectionDelivery {
  readonly records = new Map<string, DeliveryRecord>();
  /** What was handed over and has not left yet, by type. */
  readonly unconfirmed = new EventTally();
  closedAt: Date | undefined;
  private readonly acks = new Map<string, PendingAck>();
  private readonly threads = new Map<string, ThreadMark>();
  private waiting = false;

  constructor(
    readonly reader: Reader,
    private readonly sink: FrameSink,
    private readonly clock: Clock,
    /** Told once when something waits to leave, and when something waits to be written. */
    private readonly onChange: (delivery: ConnectionDelivery) => void,
  ) {}

  /** Whether something was handed over of which nobody knows yet whether it left. */
  get isWaiting(): boolean {
    return this.waiting;
  }

  /** Whether there is something to write. */
  get hasChanges(): boolean {
    return this.waiting || this.acks.size > 0 || [...this.records.values()].some((record) => record.isDirty);
  }

  /** An event was given to the sink. `round`: which reading of the log it came from, 0 for a live one. */
  handed(threadId: string, { seq, text }: StoredEvent, round: number): void {
    this.unconfirmed.add(tallyIndex(typeOf(text)));
    const mark = this.mark(threadId, seq);
    if (seq <= mark.startSeq) mark.startSeq = seq - 1;
    const runId = runIdOf(text);
    if (runId !== undefined) this.record(runId, threadId).handed(seq, round);
    if (this.waiting) return;
    this.waiting = true;
    this.onChange(this);
  }

  /** An event was not given to the sink, because its peer does not take what it has been given. */
  heldBack(threadId: string, { seq, text }: StoredEvent): void {
    const runId = runIdOf(text);
    if (runId === undefined) return;
    this.record(runId, threadId).stall(this.clock.now(), seq);
    this.onChange(this);
  }

  /** The log could not be read for a thread; it is read again later. */
  failed(threadId: string, error: DeliveryError): void {
    const record = [...this.records.values()].reverse().find((candidate) => candidate.threadId === threadId);
    if (record === undefined) return;
    record.note(error, this.clock.now());
    this.onChange(this);
  }

  /** The client has everything of the thread up to `seq`. */
  ack(threadId: string, seq: number): void {
    const mark = this.mark(threadId, seq);
    if (mark.ackedSeq !== undefined && seq <= mark.ackedSeq) return;
    const startSeq = this.acks.get(threadId)?.fromSeq ?? Math.min(mark.ackedSeq ?? mark.startSeq, seq - 1);
    const fromSeq = Math.max(startSeq, seq - ACKED_AT_ONCE_MAX);
    mark.ackedSeq = seq;
    this.acks.set(threadId, { threadId, fromSeq, toSeq: seq });
    this.onChange(this);
  }

  takeAcks(): PendingAck[] {
    const acks = [...this.acks.values()];
    this.acks.clear();
    return acks;
  }

  /** It could not be written: joined with what was acknowledged since. */
  giveBackAck(ack: PendingAck): void {
    const since = this.acks.get(ack.threadId);
    this.acks.set(ack.threadId, { ...ack, toSeq: Math.max(ack.toSeq, since?.toSeq ?? 0) });
  }

  /** Counts what has left as sent, if all of it has; moves it to `sent`. */
  confirm(sent: EventTally): boolean {
    if (!this.waiting) return true;
    if (!this.sink.isOpen || this.sink.bufferedBytes > 0) return false;
    const at = this.clock.now();
    for (const record of this.records.values()) record.confirm(at);
    this.unconfirmed.moveTo(sent);
    this.waiting = false;
    return true;
  }

  /** Still waiting after a while: the peer does not read. */
  stall(): void {
    const at = this.clock.now();
    for (const record of this.records.values()) if (record.isWaiting) record.stall(at);
  }

  /** The connection is over. What has not left by now is lost for it; the log has it for the next one. */
  close(tallies: { readonly sent: EventTally; readonly failed: EventTally }): void {
    const at = this.clock.now();
    this.closedAt = at;
    if (this.confirm(tallies.sent)) return;
    for (const record of this.records.values()) record.abandon(at);
    this.unconfirmed.moveTo(tallies.failed);
    this.waiting = false;
  }

  /** Forgets what is written; answers how many unwritten records had to go. */
  trim(): number {
    let dropped = 0;
    for (const [runId, record] of this.records) {
      if (this.records.size <= RECORDS_MAX) break;
      const isOpen = record.isDirty || record.isWaiting;
      if (isOpen && this.records.size <= UNWRITTEN_RECORDS_MAX) continue;
      this.records.delete(runId);
      dropped += isOpen ? 1 : 0;
    }
    for (const threadId of this.threads.keys()) {
      if (this.threads.size <= THREADS_MAX) break;
      this.threads.delete(threadId);
      this.acks.delete(threadId);
    }
    return dropped;
  }

  private record(runId: string, threadId: string): DeliveryRecord {
    const known = this.records.get(runId);
    if (known !== undefined) return known;
    const record = new DeliveryRecord(runId, threadId);
    this.records.set(runId, record);
    return record;
  }

  private mark(threadId: string, seq: number): ThreadMark {
    const known = this.threads.get(threadId);
    if (known !== undefined) return known;
    const mark = { startSeq: seq - 1, ackedSeq: undefined };
    this.threads.set(threadId, mark);
    return mark;
  }
}
