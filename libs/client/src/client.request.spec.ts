import { describe, expect, it } from '@jest/globals';
import { readyFrame, settled } from './fake-network.fixture.js';
import { Harness } from './harness.fixture.js';

const pong = { type: 'pong' as const, server_time: 'now' };

describe('request', () => {
  it('gives each request its own answer, whatever the order', async () => {
    const harness = await new Harness().connect();
    const first = harness.client.request('list_threads', { limit: 1 });
    const second = harness.client.request('ping', {});
    await settled();
    const [list, ping] = harness.socket.sent;
    harness.socket.deliver({ ...pong, in_reply_to: ping?.id });
    harness.socket.deliver({ type: 'threads', data: [], next_cursor: null, in_reply_to: list?.id });
    expect(await first).toMatchObject({ type: 'threads' });
    expect(await second).toMatchObject({ type: 'pong' });
    expect(list).toMatchObject({ type: 'list_threads', limit: 1 });
  });

  it('fails after a time, and takes no notice of a late answer', async () => {
    const harness = await new Harness().connect();
    const asked = harness.client.request('ping', {});
    await settled();
    harness.clock.advance(30_000);
    await expect(asked).rejects.toMatchObject({ code: 'request_timeout', retryable: true });
    harness.socket.deliver({ ...pong, in_reply_to: harness.socket.last('ping').id });
    expect(harness.errors).toEqual([]);
  });

  it('fails when the answer is of another type', async () => {
    const harness = await new Harness().connect();
    const asked = harness.client.request('create_thread', { title: 'x' });
    await settled();
    harness.socket.deliver({ ...pong, in_reply_to: harness.socket.last('create_thread').id });
    await expect(asked).rejects.toMatchObject({ code: 'invalid_server_frame' });
  });

  it('takes no more than it may keep', async () => {
    const harness = await new Harness({ maxPendingRequests: 1 }).connect();
    const first = harness.client.request('ping', {});
    await expect(harness.client.request('ping', {})).rejects.toMatchObject({ code: 'queue_overflow' });
    harness.socket.deliver({ ...pong, in_reply_to: harness.socket.last('ping').id });
    await first;
  });

  it('that was lost with its connection fails, unless it can do no harm a second time', async () => {
    const harness = await new Harness().connect();
    const create = harness.client.request('create_thread', {});
    const list = harness.client.request('list_threads', {});
    await settled();
    const reconnected = harness.reconnect();
    await expect(create).rejects.toMatchObject({ code: 'connection_lost' });
    await reconnected;
    expect(harness.socket.sent.map((frame) => frame.type)).toEqual(['list_threads']);
    const { id } = harness.socket.last('list_threads');
    harness.socket.deliver({ type: 'threads', data: [], next_cursor: null, in_reply_to: id });
    expect(await list).toMatchObject({ data: [] });
  });

  it.each([
    ['cancelled', undefined],
    ['completed', 'invalid_state'],
  ])('to cancel a run that is found %s when it is sent again has done so, or not', async (state, code) => {
    const harness = await new Harness().connect();
    const cancelled = harness.client.request('cancel_run', { run_id: 'r' }).then(
      (answer) => answer,
      (error: unknown) => error,
    );
    await settled();
    await harness.reconnect();
    const { id } = harness.socket.last('cancel_run');
    const error = { code: 'invalid_state' as const, message: 'over', retryable: false, details: { state } };
    harness.socket.deliver({ type: 'error', ...error, in_reply_to: id });
    expect(await cancelled).toMatchObject(code === undefined ? { type: 'run_cancelling', run_id: 'r' } : { code });
  });

  it('to cancel a run that was cancelled before is refused', async () => {
    const harness = await new Harness().connect();
    const cancelled = harness.client.request('cancel_run', { run_id: 'r' });
    await settled();
    const { id } = harness.socket.last('cancel_run');
    const error = {
      code: 'invalid_state' as const,
      message: 'over',
      retryable: false,
      details: { state: 'cancelled' },
    };
    harness.socket.deliver({ type: 'error', ...error, in_reply_to: id });
    await expect(cancelled).rejects.toMatchObject({ code: 'invalid_state' });
  });

  it('made while there is no connection waits for the next', async () => {
    const harness = await new Harness().connect();
    harness.socket.drop();
    const create = harness.client.request('create_thread', {});
    harness.clock.advance(125);
    await settled();
    harness.socket.deliver(readyFrame());
    expect(harness.socket.ofType('create_thread')).toHaveLength(1);
    harness.client.close();
    await expect(create).rejects.toMatchObject({ code: 'client_closed' });
  });
});

describe('the other frames', () => {
  it('go to the listeners, until they are taken away', async () => {
    const harness = await new Harness().connect();
    const types: string[] = [];
    const stop = harness.client.on('frame', (frame) => types.push(frame.type));
    const delta = { thread_id: 't', run_id: 'r', message_id: 'm', index: 0, text: 'The' };
    harness.socket.deliver({ type: 'text_delta', ...delta });
    harness.socket.deliverText('{"type":"from_the_future"}');
    stop();
    harness.socket.deliver({ type: 'text_delta', ...delta });
    expect(types).toEqual(['text_delta']);
  });

  it('that are errors without a request are told', async () => {
    const harness = await new Harness().connect();
    harness.socket.deliver({ type: 'error', code: 'rate_limited', message: 'slow down', retryable: true });
    expect(harness.errors).toMatchObject([{ code: 'rate_limited', retryable: true }]);
  });

  it('acknowledge events while there is a connection', async () => {
    const harness = await new Harness().connect();
    harness.client.acknowledge('t', 3);
    harness.socket.drop();
    harness.client.acknowledge('t', 4);
    expect(harness.socket.sent).toEqual([{ type: 'ack', thread_id: 't', seq: 3 }]);
  });

  it('end the following of a thread', async () => {
    const harness = await new Harness().connect();
    const followed = harness.client.follow('t');
    await harness.subscribed(3);
    await followed;
    const left = harness.client.unfollow('t');
    const { id } = harness.socket.last('unsubscribe');
    harness.socket.deliver({ type: 'unsubscribed', threads: ['t'], in_reply_to: id });
    await left;
    await harness.client.unfollow('t');
    expect(harness.socket.ofType('unsubscribe')).toHaveLength(1);
  });
});
