import { CRITICAL_EVENTS } from '@goldenpath/protocol';

/** An event that was stored in this process, as the monitor looks at it. */
export interface AppendedEvent {
  readonly seq: number;
  readonly type: string;
  readonly runId: string;
}

/** What the ledger knows of a run on one connection. */
export interface DeliveryEvidence {
  readonly run_id: string;
  readonly first_seq: number | null;
  readonly sent_seq: number | null;
  readonly acked_seq: number | null;
  readonly failed_seq: number | null;
}

/** An event of which nobody knows yet that somebody has it. */
export interface OpenEvent extends AppendedEvent {
  readonly threadId: string;
  readonly atMs: number;
  state: 'pending' | 'failed';
}

export interface EventCounts {
  readonly emitted: number;
  readonly delivered: number;
  readonly failed: number;
  readonly pending: number;
}

const BUCKET_MS = 10_000;
/** Events that nobody has are forgotten beyond this, the oldest runs first: they are then not counted at all. */
const OPEN_EVENTS_MAX = 100_000;

interface Bucket {
  readonly startMs: number;
  readonly emitted: Map<string, number>;
  readonly delivered: Map<string, number>;
}

const add = (counts: Map<string, number>, type: string, count = 1): void => {
  counts.set(type, (counts.get(type) ?? 0) + count);
};

/** The critical events of the last while: what was emitted, and which of it somebody has. */
export class DeliveryWindow {
  private buckets: Bucket[] = [];
  private readonly openByRun = new Map<string, OpenEvent[]>();
  private openCount = 0;

  constructor(private readonly windowMs: number) {}

  emitted(threadId: string, { seq, type, runId }: AppendedEvent, atMs: number): void {
    add(this.bucket(atMs).emitted, type);
    const ofRun = this.openByRun.get(runId) ?? [];
    ofRun.push({ seq, type, runId, threadId, atMs, state: 'pending' });
    this.openByRun.set(runId, ofRun);
    this.openCount += 1;
    if (this.openCount > OPEN_EVENTS_MAX) this.forgetOldestRun();
  }

  get openRuns(): readonly string[] {
    return [...this.openByRun.keys()];
  }

  get openThreads(): readonly string[] {
    return [
      ...new Set([...this.openByRun.values()].flatMap(([first]) => (first === undefined ? [] : [first.threadId]))),
    ];
  }

  /** Applies what the ledger knows; `stalledThreads`: those with an open connection that makes no progress. */
  settle(evidence: readonly DeliveryEvidence[], stalledThreads: ReadonlySet<string>): void {
    const byRun = new Map<string, DeliveryEvidence[]>();
    for (const row of evidence) byRun.set(row.run_id, [...(byRun.get(row.run_id) ?? []), row]);
    for (const [runId, events] of this.openByRun) {
      const rows = byRun.get(runId) ?? [];
      const left = events.filter((event) => {
        if (!rows.some((row) => hasSeen(row, event.seq))) return true;
        this.delivered(event);
        return false;
      });
      for (const event of left) {
        const hasFailed = stalledThreads.has(event.threadId) || rows.some((row) => event.seq <= (row.failed_seq ?? 0));
        event.state = hasFailed ? 'failed' : 'pending';
      }
      this.keep(runId, left);
    }
  }

  /** Lets go of what is older than the window. */
  expire(nowMs: number): void {
    this.buckets = this.buckets.filter(({ startMs }) => startMs + BUCKET_MS > nowMs - this.windowMs);
    for (const [runId, events] of this.openByRun) {
      const isKept = ({ atMs }: OpenEvent): boolean => atMs > nowMs - this.windowMs;
      this.keep(runId, events.filter(isKept));
    }
  }

  /** By type, over the window. */
  counts(nowMs: number): ReadonlyMap<string, EventCounts> {
    const recent = [...this.openByRun.values()].flat().filter(({ atMs }) => atMs > nowMs - this.windowMs);
    const sum = (type: string, of: 'emitted' | 'delivered'): number =>
      this.buckets.reduce((total, bucket) => total + (bucket[of].get(type) ?? 0), 0);
    return new Map(
      CRITICAL_EVENTS.map((type) => {
        const open = recent.filter((event) => event.type === type);
        const failed = open.filter(({ state }) => state === 'failed').length;
        const counts = { emitted: sum(type, 'emitted'), delivered: sum(type, 'delivered') };
        return [type, { ...counts, failed, pending: open.length - failed }];
      }),
    );
  }

  private delivered({ type, atMs }: OpenEvent): void {
    // One of before the window counts no more.
    const bucket = this.buckets.find(({ startMs }) => startMs === startOf(atMs));
    if (bucket !== undefined) add(bucket.delivered, type);
  }

  private keep(runId: string, events: OpenEvent[]): void {
    const before = this.openByRun.get(runId)?.length ?? 0;
    this.openCount -= before - events.length;
    if (events.length === 0) this.openByRun.delete(runId);
    else this.openByRun.set(runId, events);
  }

  private forgetOldestRun(): void {
    for (const [runId, events] of this.openByRun) {
      for (const { type, atMs } of events) {
        const bucket = this.buckets.find(({ startMs }) => startMs === startOf(atMs));
        if (bucket !== undefined) add(bucket.emitted, type, -1);
      }
      this.keep(runId, []);
      return;
    }
  }

  private bucket(atMs: number): Bucket {
    const startMs = startOf(atMs);
    const last = this.buckets.at(-1);
    if (last?.startMs === startMs) return last;
    const bucket = { startMs, emitted: new Map<string, number>(), delivered: new Map<string, number>() };
    this.buckets.push(bucket);
    return bucket;
  }
}

const startOf = (atMs: number): number => Math.floor(atMs / BUCKET_MS) * BUCKET_MS;

const hasSeen = ({ first_seq: first, sent_seq: sent, acked_seq: acked }: DeliveryEvidence, seq: number): boolean =>
  (first !== null && sent !== null && first <= seq && seq <= sent) || (acked !== null && seq <= acked);
