import type { WireError } from '@goldenpath/protocol';
import { AppError } from '../errors/app-error.js';
import type { Clock } from '../telemetry/clock.js';
import type { ConnectionDelivery, Reader } from './connection-delivery.js';
import type { DeliveryLedger } from './delivery-ledger.js';
import { BUFFER_LIMIT_BYTES, BUFFER_LOW_BYTES, STALL_LIMIT_MS, type FrameSink } from './frame-sink.js';
import { HeldSink } from './held-sink.js';
import { ShownTexts } from './shown-texts.js';
import { ThreadBeginnings } from './thread-beginnings.js';
import { ThreadFeed } from './thread-feed.js';
import type { StoredEvent, ThreadBatch, ThreadHead, ThreadHub, ThreadListener, ThreadNotice } from './thread-hub.js';
import type { TextStreams } from './text-streams.js';
import { cursorAhead, type ActiveThread, type ThreadPositions } from './thread-positions.js';

export interface SubscribeRequest {
  readonly threadId: string;
  readonly afterSeq?: number | undefined;
  readonly logId?: string | undefined;
}

export type SubscribeResult =
  { readonly threadId: string; readonly lastSeq: number } | { readonly threadId: string; readonly error: WireError };

/** What the subscriptions of a connection work with; the same for all connections. */
export interface SubscriptionParts {
  readonly hub: ThreadHub;
  readonly texts: TextStreams;
  readonly positions: ThreadPositions;
  /** Tells of a failed read of the log; the feed tries again at the next event or position check. */
  readonly onReadError: (error: unknown) => void;
  readonly onClosed: (subscriptions: ThreadSubscriptions) => void;
  /** Notes what the connection is sent and what it acknowledges. */
  readonly ledger: Pick<DeliveryLedger, 'open' | 'close'>;
  readonly clock: Pick<Clock, 'monotonicMs'>;
}

/** Everything one connection follows. Its frames are in order and without gap or repeat for each thread. */
export class ThreadSubscriptions implements ThreadListener {
  private readonly feeds = new Map<string, ThreadFeed>();
  private readonly unfollowThread = new Map<string, () => void>();
  /** Threads that a connection which follows all has taken out again. */
  private readonly muted = new Set<string>();
  private unfollowUser: (() => void) | undefined;
  private readonly beginnings: ThreadBeginnings;
  private stalledSinceMs: number | undefined;
  private lastBufferedBytes = 0;
  private readonly texts: ShownTexts;
  private readonly sink: HeldSink;
  private readonly delivery: ConnectionDelivery;
  private closed = false;

  constructor(
    private readonly reader: Reader,
    sink: FrameSink,
    private readonly onSlow: () => void,
    private readonly parts: SubscriptionParts,
  ) {
    this.sink = new HeldSink(sink);
    const { texts, clock } = parts;
    this.texts = new ShownTexts({ ...reader, texts, clock, send: (frame) => this.sink.send(frame) });
    this.delivery = parts.ledger.open(reader, this.sink);
    this.beginnings = new ThreadBeginnings(reader, parts.positions, parts.onReadError);
  }

  /** Follows every thread of the user, also future ones, from now on. */
  async followAll(): Promise<void> {
    if (this.closed) return;
    this.muted.clear();
    this.unfollowUser ??= this.parts.hub.followUser(this.reader.userId, this);
    for (const snapshot of this.parts.texts.snapshotsFor(this.reader.userId)) this.texts.take(snapshot);
    this.parts.texts.want({ userId: this.reader.userId });
    await this.beginnings.start();
  }

  /** Follows threads from a position. `answer` gets the results before the first event is sent. */
  async subscribe(
    requests: readonly SubscribeRequest[],
    answer: (results: readonly SubscribeResult[]) => void,
  ): Promise<void> {
    const results: SubscribeResult[] = [];
    const starts: (() => void)[] = [];
    for (const request of requests) {
      const result = await this.prepare(request);
      // The peer has left meanwhile: nothing may be registered for it any more.
      if (this.closed) return;
      results.push(result.answer);
      if (result.start !== undefined) starts.push(result.start);
    }
    answer(results);
    for (const start of starts) start();
  }

  /** Holds events back while `work` runs, so that its answer stands before the events that it causes; then they follow, in order. */
  holding(work: () => Promise<void>): Promise<void> {
    return this.sink.whileHeld(work);
  }

  /** Stops following; answers which threads of these were followed. */
  unsubscribe(threadIds: readonly string[] | 'all'): string[] {
    if (threadIds === 'all') {
      const followed = [...this.feeds.keys()];
      this.unfollowAll();
      return followed;
    }
    if (this.muted.size + threadIds.length > MUTED_MAX) {
      throw new AppError('validation_failed', `At most ${MUTED_MAX} threads can be taken out of all.`);
    }
    // What is longer than an id can't be a thread, and must not be kept.
    return threadIds
      .filter(({ length }) => length <= ID_CHARACTERS)
      .filter((threadId) => {
        const followed = this.feeds.has(threadId) || (this.unfollowUser !== undefined && !this.muted.has(threadId));
        this.drop(threadId);
        if (this.unfollowUser !== undefined) this.muted.add(threadId);
        return followed;
      });
  }

  /** Checks and notes an acknowledgement. Throws thread_not_found, cursor_ahead (details.last_seq). */
  async ack(threadId: string, seq: number): Promise<void> {
    const feed = this.feeds.get(threadId);
    // A thread that nothing was sent of may be no thread at all: nothing of it may be kept unchecked.
    if (feed === undefined || seq > feed.sentSeq) {
      const lastSeq = await this.parts.positions.lastSeq(this.reader, threadId);
      if (seq > lastSeq) throw cursorAhead(seq, lastSeq);
    }
    if (!this.closed) this.delivery.ack(threadId, seq);
  }

  onEvents(batch: ThreadBatch): void {
    if (!this.sink.isOpen || this.muted.has(batch.threadId)) return;
    const first = batch.events[0];
    // What comes while the beginning is looked up is read from there with all that follows it.
    if (first === undefined || this.beginnings.includes(batch.threadId, first.seq)) return;
    const feed = this.feeds.get(batch.threadId) ?? (first.seq === 1 ? this.open(batch.threadId, 0) : undefined);
    // The events before may be those of another process, whose announcement was lost, or is still on its way.
    if (feed === undefined) void this.begin(batch.threadId, first.seq);
    else feed.offer(batch.events);
    this.watch();
  }

  onHead(head: ThreadHead): void {
    if (!this.sink.isOpen || this.muted.has(head.threadId)) return;
    const feed = this.feeds.get(head.threadId);
    if (feed === undefined) void this.begin(head.threadId, head.firstSeq);
    else if (head.lastSeq > feed.sentSeq) feed.catchUp();
  }

  onNotice(notice: ThreadNotice): void {
    const { threadId } = notice;
    if (!this.sink.isOpen || this.muted.has(threadId)) return;
    const feed = this.feeds.get(threadId);
    const isPassedOver = feed?.isPaused === true || this.sink.bufferedBytes >= BUFFER_LOW_BYTES;
    const { afterSeq = 0 } = notice;
    const isAhead = feed === undefined ? this.beginnings.isLookedUp(threadId) : feed.sentSeq < afterSeq;
    if (!isPassedOver && isAhead) {
      this.texts.wait(notice);
      // Where the announcement of the event was lost, the piece stands for it.
      feed?.catchUp();
    } else if (isPassedOver || (notice.afterSeq === undefined && feed?.isLive === false)) this.texts.miss(threadId);
    else this.texts.take(notice);
  }

  /** The owner of the sink calls this from time to time and when the sink drained: goes on with paused threads, gives up a stalled peer. */
  drained(): void {
    this.watch();
    if (this.sink.bufferedBytes >= BUFFER_LOW_BYTES) return;
    this.stalledSinceMs = undefined;
    for (const feed of this.feeds.values()) feed.resume();
  }

  /** The threads that have a position here. */
  get followedThreads(): Iterable<string> {
    return this.feeds.keys();
  }

  /** Goes on from the log where a thread's head lies ahead of what was sent: its announcement was lost. */
  compareHeads(heads: ReadonlyMap<string, number>): void {
    for (const [threadId, feed] of this.feeds) {
      if ((heads.get(threadId) ?? 0) > feed.sentSeq) feed.catchUp();
    }
  }

  get followsAll(): boolean {
    return this.unfollowUser !== undefined;
  }

  get userId(): string {
    return this.reader.userId;
  }

  /** Begins to send active threads of the user which nothing has come of yet: their announcements were lost. */
  findBeginnings(threads: readonly ActiveThread[]): void {
    for (const { threadId, writtenBy } of threads) {
      if (this.feeds.has(threadId) || this.muted.has(threadId)) continue;
      if (this.beginnings.mayHaveBegun(writtenBy)) void this.begin(threadId);
    }
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.parts.onClosed(this);
    this.parts.ledger.close(this.delivery);
    this.unfollowAll();
  }

  private unfollowAll(): void {
    this.unfollowUser?.();
    this.unfollowUser = undefined;
    for (const threadId of [...this.feeds.keys()]) this.drop(threadId);
  }

  private async prepare(request: SubscribeRequest): Promise<{ answer: SubscribeResult; start?: () => void }> {
    const { threadId } = request;
    try {
      const lastSeq = await this.parts.positions.lastSeq(this.reader, threadId);
      this.parts.positions.checkLogId(request.logId, lastSeq);
      if (request.afterSeq !== undefined && request.afterSeq > lastSeq) throw cursorAhead(request.afterSeq, lastSeq);
      const start = (): void => {
        // Live only: what is followed already goes on, also where its first event has come since the question above.
        if (request.afterSeq === undefined && this.feeds.has(threadId)) return;
        this.follow(threadId, request.afterSeq ?? lastSeq);
      };
      return { answer: { threadId, lastSeq }, start };
    } catch (error) {
      if (error instanceof AppError) return { answer: { threadId, error: error.toWire() } };
      throw error;
    }
  }

  private follow(threadId: string, position: number): void {
    this.muted.delete(threadId);
    const feed = this.feeds.get(threadId) ?? this.open(threadId, position);
    // Registered before the log is read from the position: what is committed in between is in one or the other.
    if (!this.unfollowThread.has(threadId))
      this.unfollowThread.set(threadId, this.parts.hub.followThread(threadId, this));
    // The text so far comes behind the events that lead to it, and right before the deltas that go on from it.
    this.texts.miss(threadId);
    feed.moveTo(position);
  }

  /** Sends a thread that this connection follows by following all from its first event since then. */
  private async begin(threadId: string, announcedSeq = Infinity): Promise<void> {
    const isFound = await this.beginnings.find(threadId, announcedSeq, (firstSeq) => {
      if (this.closed || this.muted.has(threadId)) return;
      const known = this.feeds.get(threadId);
      if (known !== undefined) known.catchUp();
      else if (this.followsAll) this.open(threadId, firstSeq - 1).catchUp();
    });
    if (!isFound || this.closed || this.feeds.has(threadId)) return;
    // With nothing to send of it, what has waited for its events is not held back any more.
    if (this.followsAll && !this.muted.has(threadId)) this.texts.settled(threadId, Infinity);
    else this.texts.forget(threadId);
  }

  private open(threadId: string, position: number): ThreadFeed {
    const readPage = (afterSeq: number) => this.parts.positions.page(this.reader, threadId, afterSeq);
    const onLive = (): void => this.texts.settled(threadId, feed.sentSeq);
    const onError = (error: unknown): void => {
      this.delivery.failed(threadId, 'log_unavailable');
      this.parts.onReadError(error);
    };
    const witness = {
      handed: (event: StoredEvent, round: number) => {
        this.delivery.handed(threadId, event, round);
        this.texts.reached(threadId, event.seq);
      },
      heldBack: (event: StoredEvent) => this.delivery.heldBack(threadId, event),
    };
    const feed = new ThreadFeed(this.sink, readPage, position, onError, onLive, witness);
    this.feeds.set(threadId, feed);
    return feed;
  }

  private drop(threadId: string): void {
    this.texts.forget(threadId);
    this.feeds.get(threadId)?.close();
    this.feeds.delete(threadId);
    this.unfollowThread.get(threadId)?.();
    this.unfollowThread.delete(threadId);
  }

  private watch(): void {
    const { bufferedBytes } = this.sink;
    if (bufferedBytes < BUFFER_LOW_BYTES) return;
    const nowMs = this.parts.clock.monotonicMs();
    // Less than the last time: the peer reads, however slowly.
    if (this.stalledSinceMs === undefined || bufferedBytes < this.lastBufferedBytes) this.stalledSinceMs = nowMs;
    this.lastBufferedBytes = bufferedBytes;
    if (bufferedBytes >= BUFFER_LIMIT_BYTES || nowMs - this.stalledSinceMs > STALL_LIMIT_MS) this.onSlow();
  }
}

/** Threads that one connection may take out of all that it follows. */
const MUTED_MAX = 10_000;
const ID_CHARACTERS = 36;
