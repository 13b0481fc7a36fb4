/** Why an event did not reach a connection, or not yet. */
export type DeliveryError = 'closed_with_unsent' | 'held_back' | 'log_unavailable';

/** What is to be written of one run on one connection: counts since the last time, the rest as it stands. */
export interface DeliveryChange {
  readonly runId: string;
  readonly threadId: string;
  readonly firstSeq: number | null;
  readonly sentSeq: number | null;
  readonly sentCount: number;
  readonly firstSentAt: Date | null;
  readonly lastSentAt: Date | null;
  readonly catchUps: number;
  readonly failedSeq: number | null;
  readonly failedCount: number;
  readonly lastError: DeliveryError | null;
  readonly lastErrorAt: Date | null;
  readonly stalledSince: Date | null;
}

/**
 * One run on one connection, in memory. Handed over means given to the socket; sent means that the socket's buffer was
 * empty after that: what never left the process is never counted as sent.
 */
export class DeliveryRecord {
  private handedSeq = 0;
  private handedCount = 0;
  private firstSeq: number | null = null;
  private sentSeq: number | null = null;
  private sentCount = 0;
  private firstSentAt: Date | null = null;
  private lastSentAt: Date | null = null;
  private catchUps = 0;
  private lastRound = 0;
  private failedSeq: number | null = null;
  private failedCount = 0;
  private lastError: DeliveryError | null = null;
  private lastErrorAt: Date | null = null;
  private stalledSince: Date | null = null;
  private dirty = false;

  constructor(
    readonly runId: string,
    readonly threadId: string,
  ) {}

  /** Whether there is something to write that is not written yet. */
  get isDirty(): boolean {
    return this.dirty;
  }

  get isWaiting(): boolean {
    return this.handedCount > 0;
  }

  /** `round`: which reading of the log it came from; 0 for what was just committed. */
  handed(seq: number, round: number): void {
    this.handedSeq = Math.max(this.handedSeq, seq);
    this.handedCount += 1;
    this.firstSeq = this.firstSeq === null ? seq : Math.min(this.firstSeq, seq);
    if (round !== 0 && round !== this.lastRound) {
      this.lastRound = round;
      this.catchUps += 1;
    }
  }

  /** Everything that was handed over has left. */
  confirm(at: Date): void {
    if (this.handedCount === 0) return;
    this.sentSeq = Math.max(this.sentSeq ?? 0, this.handedSeq);
    this.sentCount += this.handedCount;
    this.handedCount = 0;
    this.firstSentAt ??= at;
    this.lastSentAt = at;
    this.stalledSince = null;
    this.dirty = true;
  }

  /** The peer does not take what it is given. */
  stall(at: Date, seq = this.handedSeq): void {
    if (this.stalledSince !== null) return;
    this.stalledSince = at;
    this.failedSeq = Math.max(this.failedSeq ?? 0, seq);
    this.note('held_back', at);
  }

  /** The connection ended with what was handed over last. */
  abandon(at: Date): void {
    if (this.handedCount > 0) {
      this.failedSeq = Math.max(this.failedSeq ?? 0, this.handedSeq);
      this.failedCount += this.handedCount;
      this.handedCount = 0;
      this.note('closed_with_unsent', at);
    }
  }

  note(error: DeliveryError, at: Date): void {
    this.lastError = error;
    this.lastErrorAt = at;
    this.dirty = true;
  }

  /** What is to be written now; counts begin anew. */
  take(): DeliveryChange {
    const { sentCount, catchUps, failedCount } = this;
    this.sentCount = this.catchUps = this.failedCount = 0;
    this.dirty = false;
    const { runId, threadId, firstSeq, sentSeq, firstSentAt, lastSentAt } = this;
    const { failedSeq, lastError, lastErrorAt, stalledSince } = this;
    const sent = {
      firstSeq: sentSeq === null ? null : firstSeq,
      sentSeq,
      sentCount,
      firstSentAt,
      lastSentAt,
      catchUps,
    };
    return { runId, threadId, ...sent, failedSeq, failedCount, lastError, lastErrorAt, stalledSince };
  }

  /** It could not be written. */
  giveBack({ sentCount, catchUps, failedCount }: DeliveryChange): void {
    this.sentCount += sentCount;
    this.catchUps += catchUps;
    this.failedCount += failedCount;
    this.dirty = true;
  }
}
