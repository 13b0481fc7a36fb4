import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { isJsonObject, type JsonObject } from '../context/json.js';
import { Clock } from '../telemetry/clock.js';
import { ConnectionDelivery } from './connection-delivery.js';
import type { BroadcastMessage } from './broadcast.js';
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
  const beginnings: ((firstSeq: number | undefined) => void)[] = [];
  const positions: Pick<ThreadPositions, 'lastSeq' | 'page' | 'checkLogId' | 'heads' | 'committed' | 'firstSince'> = {
    lastSeq: () => Promise.resolve(log.length),
    checkLogId: () => undefined,
    committed: () => Promise.resolve('1:1:'),
    firstSince: () => new Promise((resolve) => beginnings.push(resolve)),
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
    clock: new Clock(),
    ledger: {
      open: (whose, way) => new ConnectionDelivery(whose, way, new Clock(), () => undefined),
      close: () => undefined,
    },
  });
  /** Events of which nobody is told. */
  const store = (count: number): StoredEvent[] => {
    const first = log.length + 1;
    const events = Array.from({ length: count }, (_, index) => ({ seq: first + index, text: '{"type":"x"}' }));
    log.push(...events);
    return events;
  };
  const commit = (count: number): void => {
    const events = store(count);
    hub.publish({ threadId: owner.threadId, userId: owner.userId, events });
  };
  const read = async (): Promise<void> => {
    await turn();
    pages.shift()?.();
    await turn();
  };
  /** Answers where a thread begins for a connection that follows all. */
  const beginAt = async (firstSeq: number | undefined): Promise<void> => {
    beginnings.shift()?.(firstSeq);
    await turn();
  };
  const subscribe = (afterSeq: number) =>
    subscriptions.subscribe([{ threadId: owner.threadId, afterSeq }], () => undefined);
  return { hub, texts, sink, subscriptions, store, commit, read, beginAt, subscribe, slowCount: () => slow };
}

/** A text whose events are all out. */
const opening = (reset: boolean) => ({ reset, eventsOut: () => Promise.resolve(undefined) });

/** A delta as another process announces it. */
const delta = (index: number, text: string) => ({
  threadId: owner.threadId,
  userId: owner.userId,
  frame: JSON.stringify({ type: 'text_delta', index, text }),
  text: { messageId: owner.messageId, index, kind: 'delta' } as const,
});

/** The text so far as the process that writes it sends it to who asked. */
const whole = (index: number, text: string) => ({
  ...delta(index, text),
  frame: JSON.stringify({ type: 'text_snapshot', index, text }),
  text: { messageId: owner.messageId, index, kind: 'whole' } as const,
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

  it('gets no event again of a thread that begins, for who follows all, while it is subscribed', async () => {
    const { subscriptions, commit, read, sink } = connection();
    await subscriptions.followAll();
    const subscribing = subscriptions.subscribe([{ threadId: owner.threadId }], () => undefined);
    commit(1);
    await subscribing;
    await read();
    commit(1);
    expect(sink.shown).toEqual([1, 2]);
  });

  it('gets no delta that it has missed the beginning of: first the text so far, when it has caught up', async () => {
    const { texts, sink, subscribe, commit, read } = connection();
    commit(2);
    jest.useFakeTimers({ doNotFake: ['setImmediate'] });
    const stream = texts.open(owner, opening(false));
    await subscribe(0);
    stream.append('Hello');
    await jest.advanceTimersByTimeAsync(40);
    expect(sink.shown).toEqual([]);
    await read();
    expect(sink.shown).toEqual([1, 2, ['text_snapshot', 0, 'Hello']]);
    stream.append(' live');
    await jest.advanceTimersByTimeAsync(40);
    expect(sink.shown.at(-1)).toEqual(['text_delta', 1, ' live']);
    stream.close();
  });

  it('gets no hole of a text that another process writes: it asks for what it has missed, and goes on from there', async () => {
    const { hub, sink, subscribe, commit, read } = connection();
    const told: BroadcastMessage[] = [];
    commit(2);
    await subscribe(0);
    hub.setOutlet((message) => void told.push(message));
    hub.deliverNotice(delta(0, 'lost while catching up'));
    await read();
    expect(told).toEqual([{ kind: 'text_wanted', userId: owner.userId, threadId: owner.threadId }]);
    hub.deliverNotice(delta(1, ' and'));
    expect(sink.shown).toEqual([1, 2]);
    hub.deliverNotice(whole(1, 'lost while catching up and'));
    hub.deliverNotice(delta(2, ' on'));
    // For somebody else who asked.
    hub.deliverNotice(whole(2, 'lost while catching up and on'));
    expect(sink.shown.slice(2)).toEqual([
      ['text_snapshot', 1, 'lost while catching up and'],
      ['text_delta', 2, ' on'],
    ]);
    // A lost message between two processes is noticed by the next one.
    hub.deliverNotice(delta(4, 'a hole'));
    expect(sink.shown).toHaveLength(4);
    hub.deliverNotice(whole(4, 'all of it'));
    expect(sink.shown.at(-1)).toEqual(['text_snapshot', 4, 'all of it']);
    // The next text of the thread begins by itself.
    const next = { messageId: 'message-2', index: 0, kind: 'delta' } as const;
    hub.deliverNotice({ ...delta(0, 'Next'), text: next });
    expect(sink.shown.at(-1)).toEqual(['text_delta', 0, 'Next']);
  });

  it('gets a piece right behind the event before it, also one that it has not heard of, and before the next one', async () => {
    const { hub, sink, subscribe, store, commit, read } = connection();
    const told: BroadcastMessage[] = [];
    commit(2);
    await subscribe(2);
    await read();
    hub.deliverNotice({ ...delta(0, 'The'), afterSeq: 2 });
    hub.setOutlet((message) => void told.push(message));
    store(1);
    hub.deliverNotice({ ...delta(1, ' end'), afterSeq: 3 });
    store(1);
    await read();
    expect(sink.shown).toEqual([['text_delta', 0, 'The'], 3, ['text_delta', 1, ' end'], 4]);
    expect(told).toEqual([]);
  });

  it('gets no piece of a thread of which is looked up where it begins before the events that it comes behind', async () => {
    const { hub, sink, subscriptions, store, read, beginAt } = connection();
    await subscriptions.followAll();
    store(2);
    hub.announceHead({ threadId: owner.threadId, userId: owner.userId, firstSeq: 2, lastSeq: 2 });
    hub.deliverNotice({ ...delta(0, 'The'), afterSeq: 1 });
    hub.deliverNotice({ ...delta(1, ' end'), afterSeq: 2 });
    await beginAt(1);
    expect(sink.shown).toEqual([]);
    await read();
    expect(sink.shown).toEqual([1, ['text_delta', 0, 'The'], 2, ['text_delta', 1, ' end']]);
  });

  it('gets the text of a thread that has nothing else to show', async () => {
    const { hub, sink, subscriptions, beginAt } = connection();
    await subscriptions.followAll();
    subscriptions.findBeginnings([{ threadId: owner.threadId, writtenBy: 1n }]);
    hub.deliverNotice(whole(3, 'so far'));
    expect(sink.shown).toEqual([]);
    await beginAt(undefined);
    expect(sink.shown).toEqual([['text_snapshot', 3, 'so far']]);
  });

  it('reads once more for a piece whose event it has not heard of while it reads', async () => {
    const { hub, sink, subscriptions, subscribe, store, read } = connection();
    await subscribe(0);
    await read();
    hub.deliverNotice(delta(0, 'The'));
    subscriptions.compareHeads(new Map([[owner.threadId, 1]]));
    hub.deliverNotice({ ...delta(1, ' end'), afterSeq: 1 });
    await read();
    // The page came without this event, whose announcement is lost.
    store(1);
    await read();
    expect(sink.shown).toEqual([['text_delta', 0, 'The'], 1, ['text_delta', 1, ' end']]);
  });

  it('gets the whole text again after deltas that it could not take', async () => {
    const { texts, sink, subscriptions } = connection();
    void subscriptions.followAll();
    jest.useFakeTimers();
    const stream = texts.open(owner, opening(true));
    sink.bufferedBytes = BUFFER_LOW_BYTES;
    stream.append('all ');
    await jest.advanceTimersByTimeAsync(40);
    sink.bufferedBytes = 0;
    stream.append('of it');
    await jest.advanceTimersByTimeAsync(40);
    expect(sink.shown.slice(1)).toEqual([['text_snapshot', 1, 'all of it']]);
    stream.append(' and more');
    await jest.advanceTimersByTimeAsync(40);
    expect(sink.shown.at(-1)).toEqual(['text_delta', 2, ' and more']);
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
