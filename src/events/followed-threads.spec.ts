import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Clock } from '../telemetry/clock.js';
import { ConnectionDelivery } from './connection-delivery.js';
import { BUFFER_HIGH_BYTES, type FrameSink } from './frame-sink.js';
import { TextStreams } from './text-streams.js';
import { PAGE_EVENTS } from './thread-feed.js';
import { ThreadHub, type StoredEvent } from './thread-hub.js';
import type { ThreadPositions } from './thread-positions.js';
import { ThreadSubscriptions } from './thread-subscriptions.js';

const SEED = 20_260_801;
const THREADS = ['thread-a', 'thread-b'] as const;
type ThreadId = (typeof THREADS)[number];
const scope = { tenantId: 'tenant', userId: 'user' };
const reader = { ...scope, connectionId: 'connection', door: 'socket' } as const;

/** Where the client must be in a thread: undefined when it follows it from wherever the next event is, null when it follows it not. */
type Position = number | undefined | null;

/** A log of two threads, a connection that follows them, and a client that knows what it must get next. */
class World implements FrameSink {
  isOpen = true;
  bufferedBytes = 0;
  perFrameBytes = 0;
  readonly misdeeds: string[] = [];
  readonly hub = new ThreadHub();
  readonly logs: Record<ThreadId, StoredEvent[]> = { 'thread-a': [], 'thread-b': [] };
  readonly expected: Record<ThreadId, Position> = { 'thread-a': null, 'thread-b': null };
  readonly reads: (() => void)[] = [];
  readonly subscriptions: ThreadSubscriptions;

  constructor() {
    const positions: Pick<ThreadPositions, 'lastSeq' | 'page' | 'checkLogId' | 'heads' | 'committed' | 'firstSince'> = {
      lastSeq: (_scope, threadId) => Promise.resolve(this.log(threadId).length),
      checkLogId: () => undefined,
      committed: () => Promise.resolve('1:1:'),
      firstSince: () => Promise.resolve(undefined),
      heads: () => Promise.resolve(new Map()),
      page: (_scope, threadId, afterSeq) =>
        new Promise((resolve) => {
          this.reads.push(() => resolve(this.log(threadId).slice(afterSeq, afterSeq + PAGE_EVENTS)));
        }),
    };
    this.subscriptions = new ThreadSubscriptions(reader, this, () => undefined, {
      hub: this.hub,
      texts: new TextStreams(this.hub),
      // What subscriptions use of it.
      positions: positions as ThreadPositions,
      onReadError: () => undefined,
      onClosed: () => undefined,
      clock: new Clock(),
      ledger: {
        open: (whose, way) => new ConnectionDelivery(whose, way, new Clock(), () => undefined),
        close: () => undefined,
      },
    });
  }

  log(threadId: string): StoredEvent[] {
    return threadId === 'thread-b' ? this.logs['thread-b'] : this.logs['thread-a'];
  }

  send(frame: string): void {
    if (!this.isOpen) this.misdeeds.push(`sent to a sink that is not open: ${frame}`);
    const [, seqText, thread] = /^\{"seq":(\d+),"thread":"(thread-[ab])"/.exec(frame) ?? [];
    this.bufferedBytes += this.perFrameBytes;
    if (seqText === undefined || (thread !== 'thread-a' && thread !== 'thread-b')) return;
    const seq = Number(seqText);
    const position = this.expected[thread];
    if (position === null) this.misdeeds.push(`${seq} of ${thread}, which is not followed`);
    else if (position !== undefined && seq !== position + 1)
      this.misdeeds.push(`${seq} of ${thread} after ${position}`);
    this.expected[thread] = seq;
  }

  commit(threadId: ThreadId, { count, announced }: { count: number; announced: boolean }): void {
    const log = this.logs[threadId];
    const first = log.length + 1;
    const events = Array.from({ length: count }, (_, index) => ({
      seq: first + index,
      text: `{"thread":"${threadId}"}`,
    }));
    log.push(...events);
    if (announced) this.hub.publish({ threadId, userId: scope.userId, events });
    else this.hub.announceHead({ threadId, userId: scope.userId, firstSeq: first, lastSeq: log.length });
  }

  /** The peer reads, reads of the log end: until nothing moves any more. */
  async settle(): Promise<void> {
    this.perFrameBytes = 0;
    for (let round = 0; round < 20; round += 1) {
      this.bufferedBytes = 0;
      for (const read of this.reads.splice(0)) read();
      await turn();
      this.subscriptions.drained();
      this.subscriptions.compareHeads(new Map(THREADS.map((id) => [id, this.logs[id].length])));
      await turn();
    }
  }
}

type Step =
  | { readonly kind: 'commit'; readonly count: number; readonly announced: boolean }
  | { readonly kind: 'subscribe'; readonly share: number }
  | { readonly kind: 'ack'; readonly ahead: number }
  | { readonly kind: 'unsubscribe' | 'all' | 'none' | 'read' | 'clog' | 'drain' | 'delta' | 'close' };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('commit' as const),
      count: fc.oneof(fc.integer({ min: 1, max: 4 }), fc.constant(PAGE_EVENTS + 3)),
      announced: fc.boolean(),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('subscribe' as const),
      share: fc.double({ min: 0, max: 1, noNaN: true }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('ack' as const), ahead: fc.integer({ min: -2, max: 2 }) }) },
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constantFrom(
        'unsubscribe' as const,
        'all' as const,
        'read' as const,
        'read' as const,
        'clog' as const,
        'drain' as const,
        'delta' as const,
      ),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('none' as const, 'close' as const) }) },
);

async function subscribe(world: World, threadId: ThreadId, afterSeq: number): Promise<void> {
  await world.subscriptions.subscribe([{ threadId, afterSeq }], ([result]) => {
    // From the answer on it is this position that counts.
    if (result !== undefined && !('error' in result)) world.expected[threadId] = afterSeq;
  });
}

async function act(world: World, threadId: ThreadId, what: Step): Promise<void> {
  const { subscriptions, expected } = world;
  switch (what.kind) {
    case 'commit':
      world.commit(threadId, what);
      return;
    case 'subscribe':
      await subscribe(world, threadId, Math.floor(what.share * world.logs[threadId].length));
      return;
    case 'ack': {
      const seq = Math.max(0, world.logs[threadId].length + what.ahead);
      const isAhead = seq > world.logs[threadId].length;
      await expect(
        subscriptions.ack(threadId, seq).then(
          () => 'taken',
          () => 'refused',
        ),
      ).resolves.toBe(isAhead ? 'refused' : 'taken');
      return;
    }
    case 'unsubscribe':
      subscriptions.unsubscribe([threadId]);
      expected[threadId] = null;
      return;
    case 'all':
      await subscriptions.followAll();
      // A thread that was followed goes on where it is.
      if (world.isOpen) for (const id of THREADS) expected[id] = expected[id] === null ? undefined : expected[id];
      return;
    case 'none':
      subscriptions.unsubscribe('all');
      for (const id of THREADS) expected[id] = null;
      return;
    case 'read':
      world.reads.shift()?.();
      return;
    case 'clog':
      world.perFrameBytes = BUFFER_HIGH_BYTES / 2;
      return;
    case 'drain':
      world.perFrameBytes = 0;
      world.bufferedBytes = 0;
      subscriptions.drained();
      return;
    case 'delta':
      world.hub.notify({
        threadId,
        userId: scope.userId,
        frame: '{"type":"text_delta"}',
        text: { messageId: 'message', index: 0, kind: 'delta' },
      });
      return;
    case 'close':
      subscriptions.close();
      world.isOpen = false;
      for (const id of THREADS) expected[id] = null;
  }
}

describe('the threads that a connection follows', () => {
  it('come without gap and repeat, and not at all where they are not followed, whatever happens when', async () => {
    const steps = fc.array(fc.tuple(fc.constantFrom(...THREADS), step), { maxLength: 50, size: 'max' });
    await fc.assert(
      fc.asyncProperty(steps, async (script) => {
        const world = new World();
        for (const [threadId, what] of script) {
          await act(world, threadId, what);
          await turn();
          expect(world.misdeeds).toEqual([]);
        }
        await world.settle();
        expect(world.misdeeds).toEqual([]);
        for (const id of THREADS) {
          const position = world.expected[id];
          if (typeof position === 'number') expect(position).toBe(world.logs[id].length);
        }
        world.subscriptions.close();
        expect(world.hub.size).toBe(0);
      }),
      { seed: SEED, numRuns: 400 },
    );
  });
});
