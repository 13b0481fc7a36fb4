import { describe, expect, it } from '@jest/globals';
import { settled } from './fake-network.fixture.js';
import { Harness, runEvents, seqs } from './harness.fixture.js';

describe('ask', () => {
  it('on a new thread gives every event of the run and then ends', async () => {
    const harness = await new Harness().connect();
    const run = await harness.ask();
    expect(harness.socket.last('user_message')).toMatchObject({ text: 'hi', message_id: 'made' });
    expect(harness.socket.last('subscribe').threads).toEqual([{ thread_id: 't', after_seq: 0, log_id: 'log' }]);
    harness.socket.deliver(...runEvents());
    expect(await seqs(run)).toEqual([1, 2, 3, 4]);
    expect(await run.result()).toMatchObject({ final: true, response: 'the answer' });
    expect(run).toMatchObject({ runId: 'r', threadId: 't', messageId: 'made', duplicate: false });
  });

  it('on a thread not followed yet follows it live first', async () => {
    const harness = await new Harness().connect();
    const asked = harness.client.ask('hi', { threadId: 't', messageId: 'mine', ifBusy: 'reject', priority: 'low' });
    await settled();
    expect(harness.socket.ofType('user_message')).toEqual([]);
    expect(harness.socket.last('subscribe').threads).toEqual([{ thread_id: 't' }]);
    await harness.subscribed(7);
    const sent = { thread_id: 't', message_id: 'mine', if_busy: 'reject', priority: 'low' };
    expect(harness.socket.last('user_message')).toMatchObject(sent);
    harness.accept();
    harness.socket.deliver(...runEvents(8));
    expect(await seqs(await asked)).toEqual([8, 9, 10, 11]);
    expect(harness.socket.ofType('subscribe')).toHaveLength(1);
  });

  it('gets events that come before the answer that names their run', async () => {
    const harness = await new Harness().connect();
    await harness.ask();
    const asked = harness.client.ask('again', { threadId: 't' });
    await settled();
    harness.socket.deliver(...runEvents(1));
    harness.socket.deliver(...runEvents(5, 'r2').slice(0, 3));
    harness.accept({ run_id: 'r2' });
    harness.socket.deliver(...runEvents(5, 'r2').slice(3));
    expect(await seqs(await asked)).toEqual([5, 6, 7, 8]);
  });

  it('reads the run from the log when too much came before that answer', async () => {
    const harness = await new Harness().connect();
    const first = await harness.ask();
    const asked = harness.client.ask('again', { threadId: 't' });
    await settled();
    const [created, , thinking, final] = runEvents();
    const thoughts = Array.from({ length: 1000 }, (_, index) => ({ ...thinking, seq: index + 3 }));
    const log = [{ ...runEvents(1, 'r2')[0], seq: 1 }, { ...created, seq: 2 }, ...thoughts, { ...final, seq: 1003 }];
    for (const event of log) harness.socket.deliverText(JSON.stringify(event));
    harness.accept({ run_id: 'r2' });
    await harness.subscribed(1003);
    expect(harness.socket.last('subscribe').threads).toMatchObject([{ after_seq: 0 }]);
    for (const event of log) harness.socket.deliverText(JSON.stringify(event));
    harness.socket.deliverText(JSON.stringify({ ...runEvents(1, 'r2')[3], seq: 1004 }));
    expect(await seqs(await asked)).toEqual([1, 1004]);
    expect(await first.result()).toMatchObject({ seq: 1003 });
  });

  it('of a message that was known reads its run again from the log', async () => {
    const harness = await new Harness().connect();
    const heard: number[] = [];
    harness.client.on('event', (event) => heard.push(event.seq));
    const first = await harness.ask();
    harness.socket.deliver(...runEvents());
    await first.result();
    const asked = harness.client.ask('hi', { threadId: 't', messageId: 'made' });
    await settled();
    harness.accept({ duplicate: true });
    await harness.subscribed(4);
    expect(harness.socket.last('subscribe').threads).toMatchObject([{ thread_id: 't', after_seq: 0 }]);
    harness.socket.deliver(...runEvents(), ...runEvents(5, 'r2'));
    expect(await seqs(await asked)).toEqual([1, 2, 3, 4]);
    expect(heard).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });

  it('tells runs of one thread apart', async () => {
    const harness = await new Harness().connect();
    const first = await harness.ask();
    const asked = harness.client.ask('next', { threadId: 't' });
    await settled();
    harness.accept({ run_id: 'r2' });
    const [created, ...rest] = runEvents(1);
    const [queued, ...others] = runEvents(1, 'r2');
    const log = [created, queued, ...rest, ...others].flatMap((event) => event ?? []);
    harness.socket.deliver(...log.map((event, index) => ({ ...event, seq: index + 1 })));
    expect(await seqs(first)).toEqual([1, 3, 4, 5]);
    expect(await seqs(await asked)).toEqual([2, 6, 7, 8]);
  });

  it('is rejected with the error of the server', async () => {
    const harness = await new Harness().connect();
    const asked = harness.client.ask('hi');
    await settled();
    const { id } = harness.socket.last('user_message');
    const error = { code: 'queue_full' as const, message: 'full', retryable: true, retry_after_ms: 500 };
    harness.socket.deliver({ type: 'error', ...error, in_reply_to: id });
    await expect(asked).rejects.toMatchObject({ code: 'queue_full', retryable: true, retryAfterMs: 500 });
    expect(harness.errors).toEqual([]);
  });

  it('on a thread that does not exist is rejected before anything is asked', async () => {
    const harness = await new Harness().connect();
    const asked = harness.client.ask('hi', { threadId: 'gone' });
    await settled();
    const { id } = harness.socket.last('subscribe');
    const error = { code: 'thread_not_found' as const, message: 'no', retryable: false };
    harness.socket.deliver({
      type: 'subscribed',
      threads: [{ thread_id: 'gone', error }],
      log_id: 'log',
      in_reply_to: id,
    });
    await expect(asked).rejects.toMatchObject({ code: 'thread_not_found' });
    expect(harness.socket.ofType('user_message')).toEqual([]);
  });

  it('fails the run when its thread cannot be followed', async () => {
    const harness = await new Harness({ requestTimeoutMs: 100 }).connect();
    const asked = harness.client.ask('hi');
    await settled();
    harness.accept();
    await settled();
    harness.clock.advance(100);
    await expect(asked).rejects.toMatchObject({ code: 'request_timeout' });
  });

  it('refuses what the server would refuse for its size', async () => {
    const harness = await new Harness().connect();
    await expect(harness.client.ask('é'.repeat(4096))).rejects.toMatchObject({ code: 'message_too_large' });
    expect(harness.socket.sent).toEqual([]);
  });

  it('is refused before connect', async () => {
    await expect(new Harness().client.ask('hi')).rejects.toMatchObject({ code: 'not_connected' });
  });
});

describe('a run handle', () => {
  it('cancels its run', async () => {
    const harness = await new Harness().connect();
    const run = await harness.ask();
    const cancelled = run.cancel();
    await settled();
    const { id, run_id } = harness.socket.last('cancel_run');
    harness.socket.deliver({ type: 'run_cancelling', run_id, in_reply_to: id });
    expect(await cancelled).toMatchObject({ run_id: 'r' });
  });

  it('gives an iterator that is too far behind what it has and then queue_overflow, and the result all the same', async () => {
    const harness = await new Harness({ maxQueuedEvents: 2 }).connect();
    const run = await harness.ask();
    harness.socket.deliver(...runEvents());
    const iterator = run[Symbol.asyncIterator]();
    expect(await iterator.next()).toMatchObject({ value: { seq: 1 } });
    expect(await iterator.next()).toMatchObject({ value: { seq: 2 } });
    await expect(iterator.next()).rejects.toMatchObject({ code: 'queue_overflow' });
    expect(await run.result()).toMatchObject({ seq: 4 });
  });

  it('may be left in the middle', async () => {
    const harness = await new Harness().connect();
    const run = await harness.ask();
    harness.socket.deliver(...runEvents().slice(0, 2));
    for await (const event of run) if (event.type === 'agent_started') break;
    harness.socket.deliver(...runEvents().slice(2));
    expect(await run.result()).toMatchObject({ seq: 4 });
  });

  it('fails when its thread is unfollowed', async () => {
    const harness = await new Harness({ maxFollowedThreads: 1 }).connect();
    const run = await harness.ask();
    harness.socket.deliver(...runEvents().slice(0, 2));
    const events = seqs(run);
    const left = harness.client.unfollow('t');
    await expect(events).rejects.toMatchObject({ code: 'thread_unfollowed' });
    await expect(run.result()).rejects.toMatchObject({ code: 'thread_unfollowed' });
    const { id } = harness.socket.last('unsubscribe');
    harness.socket.deliver({ type: 'unsubscribed', threads: ['t'], in_reply_to: id });
    await left;
    const next = harness.client.ask('again', { threadId: 't' });
    await harness.subscribed(2);
    harness.accept({ run_id: 'r2' });
    harness.socket.deliver(...runEvents(3, 'r2'));
    expect(await seqs(await next)).toEqual([3, 4, 5, 6]);
  });
});
