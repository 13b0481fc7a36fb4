import { describe, expect, it } from '@jest/globals';
import type { ErrorFrame, SubscribedFrame } from '@goldenpath/protocol';
import { readyFrame, settled } from './fake-network.fixture.js';
import { Harness, runEvents, seqs } from './harness.fixture.js';

describe('after a lost connection', () => {
  it.each([0, 1, 2, 3])('a run goes on after event %i without a gap or a repeat', async (seen) => {
    const harness = await new Harness().connect();
    const run = await harness.ask();
    harness.socket.deliver(...runEvents().slice(0, seen));
    await harness.reconnect();
    expect(harness.socket.last('subscribe').threads).toEqual([{ thread_id: 't', after_seq: seen, log_id: 'log' }]);
    await harness.subscribed(4);
    harness.socket.deliver(...runEvents().slice(Math.max(0, seen - 1)));
    expect(await seqs(run)).toEqual([1, 2, 3, 4]);
  });

  it('a message without an answer is sent again under the same id', async () => {
    const harness = await new Harness().connect();
    const asked = harness.client.ask('hi');
    await settled();
    const before = harness.socket.last('user_message');
    await harness.reconnect();
    expect(harness.socket.last('user_message')).toEqual(before);
    harness.accept({ duplicate: true });
    await harness.subscribed();
    harness.socket.deliver(...runEvents());
    expect(await seqs(await asked)).toEqual([1, 2, 3, 4]);
  });

  it('what was followed is taken up before anything else is sent', async () => {
    const harness = await new Harness().connect();
    await harness.ask();
    const asked = harness.client.ask('next', { threadId: 't' });
    await settled();
    await harness.reconnect();
    expect(harness.socket.sent.map((frame) => frame.type)).toEqual(['subscribe', 'user_message']);
    await harness.subscribed();
    harness.socket.deliver(...runEvents(1), ...runEvents(5, 'r2').slice(0, 1));
    harness.accept({ run_id: 'r2', duplicate: true });
    harness.socket.deliver(...runEvents(5, 'r2').slice(1));
    expect(await seqs(await asked)).toEqual([5, 6, 7, 8]);
    expect(harness.socket.ofType('subscribe')).toHaveLength(1);
  });

  it('what was followed is taken up also when as many requests wait as may', async () => {
    const harness = await new Harness({ maxPendingRequests: 1 }).connect();
    const run = await harness.ask();
    const listed = harness.client.request('list_threads', {});
    await settled();
    await harness.reconnect();
    expect(harness.socket.sent.map((frame) => frame.type)).toEqual(['subscribe', 'list_threads']);
    await harness.subscribed();
    harness.socket.deliver(...runEvents());
    expect(await run.result()).toMatchObject({ seq: 4 });
    const { id } = harness.socket.last('list_threads');
    harness.socket.deliver({ type: 'threads', data: [], next_cursor: null, in_reply_to: id });
    expect(await listed).toMatchObject({ data: [] });
  });

  it('many threads are taken up in frames that the server takes', async () => {
    const harness = await new Harness().connect();
    for (let index = 0; index < 90; index += 1) {
      const followed = harness.client.follow(`thread-${index}`);
      await harness.subscribed();
      await followed;
    }
    await harness.reconnect();
    const frames = harness.socket.ofType('subscribe');
    expect(frames.map((frame) => frame.threads?.length)).toEqual([40, 40, 10]);
  });

  it('a log that was replaced fails the runs of its threads, and says so', async () => {
    const harness = await new Harness().connect();
    const run = await harness.ask();
    await harness.reconnect('other');
    const { id, threads } = harness.socket.last('subscribe');
    expect(threads).toMatchObject([{ log_id: 'log' }]);
    const error = { code: 'log_changed' as const, message: 'restored', retryable: false, details: { last_seq: 0 } };
    const answer = { threads: [{ thread_id: 't', error }], log_id: 'other', in_reply_to: id };
    harness.socket.deliver({ type: 'subscribed', ...answer });
    await expect(run.result()).rejects.toMatchObject({ code: 'log_changed', details: { last_seq: 0 } });
    await expect(seqs(run)).rejects.toMatchObject({ code: 'log_changed' });
    expect(harness.errors).toMatchObject([{ code: 'log_changed' }]);
    await harness.reconnect('other');
    expect(harness.socket.sent).toEqual([]);
  });

  it('a log that was replaced is noticed also when the first answer about it is lost', async () => {
    const harness = await new Harness().connect();
    await harness.ask();
    await harness.reconnect('other');
    await harness.reconnect('other');
    expect(harness.socket.last('subscribe').threads).toEqual([{ thread_id: 't', after_seq: 0, log_id: 'log' }]);
  });

  const away = { code: 'database_unavailable' as const, message: 'away', retryable: true, retry_after_ms: 9000 };
  it.each<[string, ErrorFrame | SubscribedFrame]>([
    ['the threads', { type: 'error', ...away }],
    ['one of the threads', { type: 'subscribed', threads: [{ thread_id: 't', error: away }], log_id: 'log' }],
  ])('a server that cannot take %s up is left for the next connection', async (_name, answer) => {
    const harness = await new Harness().connect();
    const run = await harness.ask();
    await harness.reconnect();
    const { id } = harness.socket.last('subscribe');
    harness.socket.deliver({ ...answer, in_reply_to: id });
    await settled();
    expect(harness.network.sockets).toHaveLength(2);
    harness.clock.advance(8999);
    await settled();
    expect(harness.network.sockets).toHaveLength(2);
    harness.clock.advance(1);
    await settled();
    harness.socket.deliver(readyFrame());
    await harness.subscribed(4);
    harness.socket.deliver(...runEvents());
    expect(await seqs(run)).toEqual([1, 2, 3, 4]);
  });
});

describe('a thread that is followed before the first connection', () => {
  it('is followed from its position, of whichever log the server has', async () => {
    const harness = new Harness();
    const ready = harness.client.connect();
    const followed = harness.client.follow('t', 2);
    await settled();
    harness.socket.deliver(readyFrame());
    await ready;
    expect(harness.socket.last('subscribe').threads).toEqual([{ thread_id: 't', after_seq: 2 }]);
    await harness.subscribed(4);
    await followed;
    await harness.reconnect();
    expect(harness.socket.last('subscribe').threads).toEqual([{ thread_id: 't', after_seq: 2, log_id: 'log' }]);
  });
});

describe('events', () => {
  it('that come twice are given once', async () => {
    const harness = await new Harness().connect();
    const run = await harness.ask();
    const [first, second, ...rest] = runEvents();
    const log = [first, second, first, second, ...rest].flatMap((event) => event ?? []);
    harness.socket.deliver(...log);
    expect(await seqs(run)).toEqual([1, 2, 3, 4]);
    expect(harness.client.position('t')).toBe(4);
  });

  it('with a gap before them are an error, never a silent hole', async () => {
    const harness = await new Harness().connect();
    const run = await harness.ask();
    harness.socket.deliver(...runEvents().filter((event) => event.seq !== 2));
    await expect(run.result()).rejects.toMatchObject({
      code: 'sequence_gap',
      details: { thread_id: 't', after_seq: 1, seq: 3 },
    });
    expect(harness.errors).toMatchObject([{ code: 'sequence_gap' }]);
    expect(harness.socket.last('unsubscribe').threads).toEqual(['t']);
  });

  it('of a thread that is not followed are dropped', async () => {
    const harness = await new Harness().connect();
    const heard: number[] = [];
    harness.client.on('event', (event) => heard.push(event.seq));
    harness.socket.deliver(...runEvents());
    expect(heard).toEqual([]);
  });

  it('of all followed threads come in one stream, until the client is closed', async () => {
    const harness = await new Harness().connect();
    const stream = seqs(harness.client.events());
    const followed = harness.client.follow('t', 2);
    await harness.subscribed(4);
    await followed;
    harness.socket.deliver(...runEvents().slice(2));
    await settled();
    harness.client.close();
    expect(await stream).toEqual([3, 4]);
  });

  it('of a thread that was let go no longer come', async () => {
    const harness = await new Harness({ maxFollowedThreads: 1 }).connect();
    const run = await harness.ask();
    await expect(harness.client.follow('t2')).rejects.toMatchObject({ code: 'queue_overflow' });
    harness.socket.deliver(...runEvents());
    await run.result();
    const followed = harness.client.follow('t2');
    await harness.subscribed(0);
    await followed;
    expect(harness.socket.last('unsubscribe').threads).toEqual(['t']);
    expect([harness.client.position('t'), harness.socket.last('subscribe').threads]).toEqual([
      0,
      [{ thread_id: 't2' }],
    ]);
  });

  it('go on of a thread that was asked in lately, when room is made for another', async () => {
    const harness = await new Harness({ maxFollowedThreads: 2 }).connect();
    const first = await harness.ask();
    harness.socket.deliver(...runEvents());
    await first.result();
    const second = harness.client.follow('t2');
    await harness.subscribed();
    await second;
    const again = harness.client.ask('again', { threadId: 't' });
    await settled();
    harness.accept({ run_id: 'r2' });
    harness.socket.deliver(...runEvents(5, 'r2'));
    await (await again).result();
    const third = harness.client.follow('t3');
    await harness.subscribed();
    await third;
    expect(harness.socket.last('unsubscribe').threads).toEqual(['t2']);
  });

  it('are asked for once when two want the same thread', async () => {
    const harness = await new Harness().connect();
    const both = Promise.all([harness.client.follow('t'), harness.client.follow('t')]);
    await harness.subscribed(3);
    await both;
    await harness.client.follow('t');
    expect(harness.socket.ofType('subscribe')).toHaveLength(1);
  });
});
