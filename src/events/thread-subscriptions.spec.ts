import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { isJsonObject, type JsonObject } from '../context/json.js';
import { Clock } from '../telemetry/clock.js';
import { ConnectionDelivery } from './connection-delivery.js';
import { BUFFER_LIMIT_BYTES, BUFFER_LOW_BYTES, STALL_LIMIT_MS, type FrameSink } from './frame-sink.js';
import { TextStreams } from './text-streams.js';
import { ThreadHub, type StoredEvent } from './thread-hub.js';
import type { ThreadPositions } from './thread-positions.js';
import { ThreadSubscriptions } from './thread-subscriptions.js';

const reader = { tenantId: 'tenant-1', userId: 'user-1', connectionId: 'connection-1', door: 'socket' } as const;
const owner = { threadId: 'thread-1', userId: 'user-1', runId: 'run-1', messageId: 'message-1' };

class FakeSink implements FrameSink {
  isOpen = true;
  bufferedBytes = 0;
  readonly frames: JsonObject[] = [];

  send(frame: string): void {
    const value: unknown = JSON.parse(frame);
    if (isJsonObject(value)) this.frames.push(value);
  }

  get shown(): unknown[] {
    return this.frames.map(({ seq, type, index, text }) => seq ?? [type, index, text]);
  }
}

/** A connection on a log in memory; pages are handed out when the test says so. */
function connection() {
  const hub = new ThreadHub();
  const texts = new TextStreams(hub);
  const sink = new FakeSink();
  const log: StoredEvent[] = [];
  const pages: (() => void)[] = [];
  const positions: Pick<ThreadPositions, 'lastSeq' | 'page' | 'checkLogId' | 'heads' | 'now' | 'firstSince'> = {
    lastSeq: () => Promise.resolve(log.length),
    checkLogId: () => undefined,
    now: () => Promise.resolve(new Date(0)),
    firstSince: () => Promise.resolve(undefined),
    heads: () => Promise.resolve(new Map([[owner.threadId, log.length]])),
    page: (_scope, _threadId, afterSeq) =>
      new Promise((resolve) => pages.push(() => resolve(log.slice(afterSeq, afterSeq + 256)))),
  };
  let slow = 0;
  const subscriptions = new ThreadSubscriptions(reader, sink, () => (slow += 1), {
    hub,
    texts,
    // What subscriptions use of it.
    positions: positions as ThreadPositions,
    onReadError: () => undefined,
    onClosed: () => undefined,
    ledger: {
      open: (whose, way) => new ConnectionDelivery(whose, way, new Clock(), () => undefined),
      close: () => undefined,
    },
  });
  const commit = (count: number): void => {
    const first = log.length + 1;
    const events = Array.from({ length: count }, (_, index) => ({ seq: first + index, text: '{"type":"x"}' }));
    log.push(...events);
    hub.publish({ threadId: owner.threadId, userId: owner.userId, events });
  };
  const read = async (): Promise<void> => {
    await turn();
    pages.shift()?.();
    await turn();
  };
  const subscribe = (afterSeq: number) =>
    subscriptions.subscribe([{ threadId: owner.threadId, afterSeq }], () => undefined);
  return { hub, texts, sink, subscriptions, commit, read, subscribe, slowCount: () => slow };
}

/** A text whose events are all out. */
const opening = (reset: boolean) => ({ reset, eventsOut: () => Promise.resolve() });

/** A delta as another process announces it. */
const delta = (index: number, text: string) => ({
  threadId: owner.threadId,
  userId: owner.userId,
  frame: JSON.stringify({ type: 'text_delta', index, text }),
});

describe('what a connection follows', () => {
  afterEach(() => {
    jest.useRealTimers();
  });

  it('is answered first, then replayed, then live', async () => {
    const { subscriptions, commit, read, sink } = connection();
    commit(3);
    const order: string[] = [];
    const subscribing = subscriptions.subscribe([{ threadId: owner.threadId, afterSeq: 1 }], ([result]) => {
      order.push(`answered ${JSON.stringify(result)} after ${sink.frames.length} frames`);
    });
    await subscribing;
    await read();
    commit(2);
    expect(order).toEqual([`answered {"threadId":"thread-1","lastSeq":3} after 0 frames`]);
    expect(sink.shown).toEqual([2, 3, 4, 5]);
  });

  it('gets no delta that it has missed the beginning of: first the text so far, when it has caught up', async () => {
    const { texts, hub, sink, subscribe, commit, read } = connection();
    commit(2);
    const stream = texts.open(owner, opening(false));
    await subscribe(0);
    hub.notify(delta(0, 'lost while catching up'));
    stream.append('Hello');
    await read();
    expect(sink.shown).toEqual([1, 2]);
    hub.notify(delta(1, ' live'));
    expect(sink.shown).toEqual([1, 2, ['text_delta', 1, ' live']]);
    stream.close();
  });

  it('gets the whole text again after deltas that it could not take', async () => {
    const { texts, hub, sink, subscriptions } = connection();
    void subscriptions.followAll();
    jest.useFakeTimers();
    const stream = texts.open(owner, opening(true));
    sink.bufferedBytes = BUFFER_LOW_BYTES;
    hub.notify(delta(0, 'not taken'));
    sink.bufferedBytes = 0;
    stream.append('all of it');
    await jest.advanceTimersByTimeAsync(40);
    expect(sink.shown.slice(1)).toEqual([['text_snapshot', 0, 'all of it']]);
    stream.append(' and more');
    await jest.advanceTimersByTimeAsync(40);
    expect(sink.shown.at(-1)).toEqual(['text_delta', 1, ' and more']);
    stream.close();
  });

  it('is nothing of what it has taken out, nor anything after the end', () => {
    const { subscriptions, commit, sink, hub } = connection();
    void subscriptions.followAll();
    commit(1);
    expect(subscriptions.unsubscribe([owner.threadId])).toEqual([owner.threadId]);
    commit(1);
    expect(sink.shown).toEqual([1]);
    subscriptions.close();
    expect(hub.size).toBe(0);
  });

  it('ends with a peer that takes nothing for half a minute, not with one that takes little', () => {
    jest.useFakeTimers();
    const { sink, subscriptions, slowCount } = connection();
    void subscriptions.followAll();
    const tick = (bufferedBytes: number, ms: number): void => {
      sink.bufferedBytes = bufferedBytes;
      jest.advanceTimersByTime(ms);
      subscriptions.drained();
    };
    tick(BUFFER_LOW_BYTES + 2, 0);
    tick(BUFFER_LOW_BYTES + 1, STALL_LIMIT_MS);
    tick(BUFFER_LOW_BYTES + 1, STALL_LIMIT_MS);
    expect(slowCount()).toBe(0);
    tick(BUFFER_LOW_BYTES + 1, 1);
    expect(slowCount()).toBe(1);
  });

  it('ends with a peer that takes nothing', () => {
    const { subscriptions, commit, sink, slowCount } = connection();
    void subscriptions.followAll();
    sink.bufferedBytes = BUFFER_LIMIT_BYTES;
    commit(1);
    expect(slowCount()).toBe(1);
    expect(sink.frames).toEqual([]);
  });
});
