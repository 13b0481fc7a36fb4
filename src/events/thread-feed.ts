import { frameOf } from './event-frame.js';
import { BUFFER_HIGH_BYTES, type FrameSink } from './frame-sink.js';
import type { StoredEvent } from './thread-hub.js';

/** Events of the thread after a position, oldest first, at most PAGE_EVENTS. */
export type ReadPage = (afterSeq: number) => Promise<readonly StoredEvent[]>;

export const PAGE_EVENTS = 256;

/** Hears of what a feed does with the events of its thread. */
export interface FeedWitness {
  /** Handed to the sink; `round`: which reading of the log it came from, 0 for what was just committed. */
  handed(event: StoredEvent, round: number): void;
  /** Not handed to the sink, whose peer is slow. */
  heldBack(event: StoredEvent): void;
}

const NO_WITNESS: FeedWitness = { handed: () => undefined, heldBack: () => undefined };

/**
 * One thread on one connection. Live: what comes with seq = position + 1 is sent, a repeat is dropped, a gap is read
 * from the log. Catching up: pages from the log, and what is published meanwhile only marks that there is more.
 * Paused: the peer is slow; nothing is pushed until `resume`. So the peer sees position + 1, + 2 … whatever happens.
 */
export class ThreadFeed {
  private mode: 'live' | 'catching_up' | 'paused' = 'live';
  private more = false;
  private closed = false;
  /** Bumped when the position is moved, so that a page read for the old position is thrown away. */
  private generation = 0;
  /** Readings of the log so far. */
  private round = 0;

  constructor(
    private readonly sink: FrameSink,
    private readonly readPage: ReadPage,
    private position: number,
    private readonly onError: (error: unknown) => void,
    /** Called each time the feed has caught up with the log. */
    private readonly onLive: () => void = () => undefined,
    private readonly witness = NO_WITNESS,
  ) {}

  get sentSeq(): number {
    return this.position;
  }

  get isLive(): boolean {
    return this.mode === 'live';
  }

  get isPaused(): boolean {
    return this.mode === 'paused';
  }

  /** Takes what was just committed. */
  offer(events: readonly StoredEvent[]): void {
    if (this.mode !== 'live') {
      this.more = true;
      return;
    }
    for (const event of events) {
      if (event.seq <= this.position) continue;
      if (this.isClogged) {
        this.more = true;
        this.mode = 'paused';
        this.witness.heldBack(event);
        return;
      }
      if (event.seq > this.position + 1) {
        this.catchUp();
        return;
      }
      this.push(event);
    }
  }

  /** Goes to another position and on from there. */
  moveTo(seq: number): void {
    this.generation += 1;
    this.position = seq;
    this.mode = 'live';
    this.catchUp();
  }

  /** Reads what lies after the position until there is no more, then is live. */
  catchUp(): void {
    if (this.closed) return;
    this.more = true;
    // Nothing is read for a peer that takes nothing: the pages of a thousand such peers would fill the memory.
    if (this.mode === 'catching_up' || (this.mode === 'paused' && this.isClogged)) return;
    this.mode = 'catching_up';
    this.round += 1;
    const { generation } = this;
    this.readToHead(generation).catch((error: unknown) => {
      if (this.closed || generation !== this.generation) return;
      // The log is tried again at the next resume: while the database is away nothing can be newer than it.
      this.mode = 'paused';
      this.onError(error);
    });
  }

  /** The peer has taken what was buffered. */
  resume(): void {
    if (this.mode === 'paused') this.catchUp();
  }

  close(): void {
    this.closed = true;
  }

  private get isClogged(): boolean {
    return this.sink.bufferedBytes > BUFFER_HIGH_BYTES;
  }

  private async readToHead(generation: number): Promise<void> {
    while (this.more) {
      // Cleared before the read: what is published during it sets the mark again, and the head is looked at once more.
      this.more = false;
      const page = await this.readPage(this.position);
      if (this.closed || generation !== this.generation) return;
      for (const event of page) {
        if (this.isClogged) {
          this.mode = 'paused';
          this.witness.heldBack(event);
          return;
        }
        if (event.seq > this.position) this.push(event);
      }
      if (page.length === PAGE_EVENTS) this.more = true;
    }
    this.mode = 'live';
    this.onLive();
  }

  private push(event: StoredEvent): void {
    this.position = event.seq;
    this.sink.send(frameOf(event));
    this.witness.handed(event, this.mode === 'live' ? 0 : this.round);
  }
}
