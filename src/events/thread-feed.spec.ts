import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { BUFFER_HIGH_BYTES, type FrameSink } from './frame-sink.js';
import { PAGE_EVENTS, ThreadFeed } from './thread-feed.js';
import type { StoredEvent } from './thread-hub.js';

const SEED = 20_260_801;

/** A peer whose buffer the test fills and drains. */
class FakeSink implements FrameSink {
  readonly isOpen = true;
  bufferedBytes = 0;
  readonly seqs: number[] = [];
  perFrameBytes = 0;

  send(frame: string): void {
    this.seqs.push(Number(/^\{"seq":(\d+)/.exec(frame)?.[1]));
    this.bufferedBytes += this.perFrameBytes;
  }
}

interface PendingRead {
  readonly answer: () => void;
  readonly fail: () => void;
}

/** A log, the feed on it, and reads of the log that end when the test says so. */
class World {
  readonly sink = new FakeSink();
  readonly log: StoredEvent[] = [];
  readonly reads: PendingRead[] = [];
  readonly feed: ThreadFeed;
  /** Where each stretch of what was sent begins: the position that the client was moved to, and how much was sent by then. */
  readonly starts = [{ position: 0, sentBefore: 0 }];
  livenesses = 0;
  /** Whether a read sees the log of its beginning or of its end. */
  readsEarly = true;

  constructor(events = 0) {
    this.commit(events);
    this.feed = new ThreadFeed(
      this.sink,
      (afterSeq) => this.read(afterSeq),
      0,
      () => undefined,
      () => (this.livenesses += 1),
    );
  }

  commit(count: number): StoredEvent[] {
    const first = this.log.length + 1;
    const events = Array.from({ length: count }, (_, index) => ({ seq: first + index, text: '{"type":"x"}' }));
    this.log.push(...events);
    return events;
  }

  move(position: number): void {
    this.starts.push({ position, sentBefore: this.sink.seqs.length });
    this.feed.moveTo(position);
  }

  /** What the server does in any case, after a while: the peer reads, failed reads are tried again, positions are compared. */
  async settle({ compares = true } = {}): Promise<void> {
    this.sink.perFrameBytes = 0;
    for (let round = 0; round < 100; round += 1) {
      this.sink.bufferedBytes = 0;
      for (const read of this.reads.splice(0)) read.answer();
      await turn();
      this.feed.resume();
      if (compares && this.log.length > this.feed.sentSeq) this.feed.catchUp();
      await turn();
      if (this.reads.length === 0 && this.feed.isLive && this.feed.sentSeq === this.log.length) return;
    }
    throw new Error(`the feed stays behind: ${this.feed.sentSeq} of ${this.log.length}`);
  }

  /** Every stretch is start + 1, start + 2 …; the last one reaches the head. */
  check(): void {
    this.starts.forEach(({ position, sentBefore }, index) => {
      const stretch = this.sink.seqs.slice(sentBefore, this.starts[index + 1]?.sentBefore);
      expect(stretch).toEqual(stretch.map((_, place) => position + place + 1));
    });
    const last = this.starts.at(-1);
    expect(this.sink.seqs.length - (last?.sentBefore ?? 0)).toBe(this.log.length - (last?.position ?? 0));
    expect(this.feed.sentSeq).toBe(this.log.length);
  }

  private read(afterSeq: number): Promise<StoredEvent[]> {
    const page = (): StoredEvent[] => this.log.slice(afterSeq, afterSeq + PAGE_EVENTS);
    const early = this.readsEarly ? page() : undefined;
    return new Promise((resolve, reject) => {
      this.reads.push({ answer: () => resolve(early ?? page()), fail: () => reject(new Error('away')) });
    });
  }
}

type Action =
  | { readonly kind: 'commit'; readonly count: number; readonly announced: boolean }
  | { readonly kind: 'repeat' }
  | { readonly kind: 'answer' | 'fail'; readonly which: number }
  | { readonly kind: 'early'; readonly early: boolean }
  | { readonly kind: 'clog' | 'drain' | 'compare' }
  | { readonly kind: 'move'; readonly share: number };

const action: fc.Arbitrary<Action> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('commit' as const),
      count: fc.oneof(fc.integer({ min: 1, max: 4 }), fc.constant(PAGE_EVENTS + 3)),
      announced: fc.boolean(),
    }),
  },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('answer' as const), which: fc.nat(3) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('fail' as const), which: fc.nat(3) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('repeat' as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('early' as const), early: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom('clog' as const, 'drain' as const, 'compare' as const) }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('move' as const), share: fc.double({ min: 0, max: 1, noNaN: true }) }),
  },
);

function act(world: World, step: Action): void {
  const { feed, sink, log, reads } = world;
  switch (step.kind) {
    case 'commit': {
      const events = world.commit(step.count);
      if (step.announced) feed.offer(events);
      return;
    }
    case 'repeat':
      feed.offer(log.slice(-3));
      return;
    case 'answer':
    case 'fail':
      reads.splice(step.which % Math.max(1, reads.length), 1)[0]?.[step.kind]();
      return;
    case 'early':
      world.readsEarly = step.early;
      return;
    case 'clog':
      sink.perFrameBytes = BUFFER_HIGH_BYTES / 2;
      return;
    case 'drain':
      sink.perFrameBytes = 0;
      sink.bufferedBytes = 0;
      feed.resume();
      return;
    case 'compare':
      if (log.length > feed.sentSeq) feed.catchUp();
      return;
    case 'move':
      world.move(Math.floor(step.share * log.length));
  }
}

describe('a thread on a connection', () => {
  it('sends position + 1, + 2 … up to the head, in whatever order things happen', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(6), fc.array(action, { maxLength: 40, size: 'max' }), async (events, actions) => {
        const world = new World(events);
        for (const step of actions) {
          act(world, step);
          await turn();
        }
        await world.settle();
        world.check();
      }),
      { seed: SEED, numRuns: 400 },
    );
  });

  it('needs no comparing of positions where every commit is announced and no read fails', async () => {
    const reliable = action.filter(({ kind }) => kind !== 'fail' && kind !== 'compare');
    await fc.assert(
      fc.asyncProperty(fc.array(reliable, { maxLength: 40, size: 'max' }), async (actions) => {
        const world = new World();
        for (const step of actions) {
          act(world, step.kind === 'commit' ? { ...step, announced: true } : step);
          await turn();
        }
        await world.settle({ compares: false });
        world.check();
      }),
      { seed: SEED, numRuns: 400 },
    );
  });

  it('pushes nothing to a peer that does not read, and goes on when it does', async () => {
    const world = new World();
    world.sink.bufferedBytes = BUFFER_HIGH_BYTES + 1;
    world.feed.offer(world.commit(3));
    await turn();
    expect(world.reads).toHaveLength(0);
    expect(world.sink.seqs).toEqual([]);
    expect(world.feed.isPaused).toBe(true);
    world.feed.offer(world.commit(1));
    expect(world.reads).toHaveLength(0);
    await world.settle();
    expect(world.sink.seqs).toEqual([1, 2, 3, 4]);
  });

  it('is not stopped by the failure of a read for a position that it has left', async () => {
    const world = new World(4);
    world.move(0);
    const [stale] = world.reads.splice(0);
    world.move(2);
    world.reads.shift()?.answer();
    await turn();
    expect(world.feed.isLive).toBe(true);
    stale?.fail();
    await turn();
    expect(world.feed.isLive).toBe(true);
    expect(world.sink.seqs).toEqual([3, 4]);
  });

  it('tells when it has caught up, and is silent once it is closed', async () => {
    const world = new World(2);
    world.move(0);
    expect(world.livenesses).toBe(0);
    world.reads.shift()?.answer();
    await turn();
    expect(world.livenesses).toBe(1);
    world.move(0);
    world.feed.close();
    world.reads.shift()?.answer();
    await turn();
    expect(world.sink.seqs).toEqual([1, 2]);
  });
});
