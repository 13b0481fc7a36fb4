import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { delta, opening, owner, subscribedConnection, whole } from '../../test/support/subscribed-connection.js';
import type { BroadcastMessage } from './broadcast.js';
import { BUFFER_LIMIT_BYTES, BUFFER_LOW_BYTES, STALL_LIMIT_MS } from './frame-sink.js';

describe('what a connection follows', () => {
  afterEach(() => {
    jest.useRealTimers();
  });

  it('is answered first, then replayed, then live', async () => {
    const { subscriptions, commit, read, sink } = subscribedConnection();
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
    const { subscriptions, commit, read, sink } = subscribedConnection();
    await subscriptions.followAll();
    const subscribing = subscriptions.subscribe([{ threadId: owner.threadId }], () => undefined);
    commit(1);
    await subscribing;
    await read();
    commit(1);
    expect(sink.shown).toEqual([1, 2]);
  });

  it('gets no delta that it has missed the beginning of: first the text so far, when it has caught up', async () => {
    const { texts, sink, subscribe, commit, read } = subscribedConnection();
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
    const { hub, sink, subscribe, commit, read } = subscribedConnection();
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
    const { hub, sink, subscribe, store, commit, read } = subscribedConnection();
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
    const { hub, sink, subscriptions, store, read, beginAt } = subscribedConnection();
    await subscriptions.followAll();
    store(2);
    hub.announceHead({ threadId: owner.threadId, userId: owner.userId, firstSeq: 2, lastSeq: 2 });
    hub.deliverNotice({ ...delta(0, 'The'), afterSeq: 1 });
    hub.deliverNotice({ ...delta(1, ' end'), afterSeq: 2 });
    // Looked up once, however often it is announced meanwhile.
    hub.announceHead({ threadId: owner.threadId, userId: owner.userId, firstSeq: 2, lastSeq: 2 });
    await turn();
    expect(sink.shown).toEqual([]);
    await beginAt(1);
    expect(sink.shown).toEqual([]);
    await read();
    expect(sink.shown).toEqual([1, ['text_delta', 0, 'The'], 2, ['text_delta', 1, ' end']]);
  });

  it('gets no text of a thread that it takes out while is looked up where it begins', async () => {
    const { hub, sink, subscriptions, store, beginAt } = subscribedConnection();
    await subscriptions.followAll();
    store(1);
    hub.announceHead({ threadId: owner.threadId, userId: owner.userId, firstSeq: 1, lastSeq: 1 });
    hub.deliverNotice({ ...delta(0, 'The'), afterSeq: 1 });
    subscriptions.unsubscribe('all');
    await beginAt(1);
    expect(sink.shown).toEqual([]);
  });

  it('gets the text of a thread that has nothing else to show', async () => {
    const { hub, sink, subscriptions, beginAt } = subscribedConnection();
    await subscriptions.followAll();
    subscriptions.findBeginnings([{ threadId: owner.threadId, writtenBy: 1n }]);
    hub.deliverNotice(whole(3, 'so far'));
    expect(sink.shown).toEqual([]);
    await beginAt(undefined);
    expect(sink.shown).toEqual([['text_snapshot', 3, 'so far']]);
  });

  it('reads once more for a piece whose event it has not heard of while it reads', async () => {
    const { hub, sink, subscriptions, subscribe, store, read } = subscribedConnection();
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
    const { texts, sink, subscriptions } = subscribedConnection();
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
    const { subscriptions, commit, sink, hub } = subscribedConnection();
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
    const { sink, subscriptions, slowCount } = subscribedConnection();
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
    const { subscriptions, commit, sink, slowCount } = subscribedConnection();
    void subscriptions.followAll();
    sink.bufferedBytes = BUFFER_LIMIT_BYTES;
    commit(1);
    expect(slowCount()).toBe(1);
    expect(sink.frames).toEqual([]);
  });
});
