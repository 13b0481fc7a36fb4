import { describe, expect, it } from '@jest/globals';
import type { ErrorCode } from '@goldenpath/protocol';
import { readyFrame, settled } from './fake-network.fixture.js';
import { Harness } from './harness.fixture.js';
import type { LinkEnd } from './link.js';

const refusal = (code: ErrorCode) => ({ type: 'error' as const, code, message: code, retryable: false });

describe('connect', () => {
  it('follows nothing by itself and puts the token in a subprotocol beside the plain one', async () => {
    const harness = await new Harness({ url: 'https://server:8', token: 'a?b>c~' }).connect();
    expect(harness.socket.url).toBe('wss://server:8/ws?follow=none');
    expect(harness.socket.protocols).toEqual(['jwt-auth', 'jwt.YT9iPmN-']);
  });

  it('keeps a path that is given, and refuses what is no url', async () => {
    const harness = await new Harness({ url: 'ws://server/app/ws?x=1' }).connect();
    expect(harness.socket.url).toBe('ws://server/app/ws?x=1&follow=none');
    expect(() => new Harness({ url: 'nonsense' })).toThrow('Invalid URL');
  });

  it('resolves at once when there is a connection, and for all who wait', async () => {
    const harness = new Harness();
    const both = Promise.all([harness.client.connect(), harness.client.connect()]);
    await settled();
    harness.socket.deliver(readyFrame());
    expect(await both).toMatchObject([{ user_id: 'u' }, { user_id: 'u' }]);
    expect(await harness.client.connect()).toMatchObject({ log_id: 'log' });
    expect(harness.network.sockets).toHaveLength(1);
  });

  it('is rejected with the reason of the refusal, and may be tried again', async () => {
    const harness = new Harness();
    const refused = harness.client.connect();
    await settled();
    harness.socket.deliver(refusal('token_expired'));
    harness.socket.drop(4401, 'token_expired');
    await expect(refused).rejects.toMatchObject({ code: 'token_expired' });
    await harness.connect();
    expect(harness.network.sockets).toHaveLength(2);
  });

  it.each([
    ['no server', (harness: Harness) => harness.socket.fail('ECONNREFUSED'), 'ECONNREFUSED'],
    ['no connection_ready in time', (harness: Harness) => harness.clock.advance(15_000), 'closed'],
  ])('is rejected when there is %s', async (_name, happens, message) => {
    const harness = new Harness();
    const refused = harness.client.connect();
    await settled();
    happens(harness);
    await expect(refused).rejects.toMatchObject({ code: 'connection_lost', message: expect.stringContaining(message) });
    expect(harness.clock.waiting).toBe(0);
  });

  it('is rejected when the token function fails', async () => {
    const harness = new Harness({ token: () => Promise.reject(new Error('signed out')) });
    await expect(harness.client.connect()).rejects.toMatchObject({ code: 'connection_lost', message: 'signed out' });
  });

  it('that was overtaken by close opens nothing', async () => {
    const harness = new Harness();
    const refused = harness.client.connect();
    harness.client.close();
    await expect(refused).rejects.toMatchObject({ code: 'client_closed' });
    await settled();
    expect(harness.network.sockets).toEqual([]);
    expect(harness.clock.waiting).toBe(0);
  });
});

describe('a connection that ends', () => {
  const endings = async (harness: Harness, code: number): Promise<LinkEnd | undefined> => {
    let end: LinkEnd | undefined;
    harness.client.on('close', (ended) => (end = ended));
    harness.socket.drop(code);
    await settled();
    return end;
  };

  it.each([
    [4400, undefined],
    [4403, undefined],
    [4401, undefined],
    [4409, 2500],
    [4429, 2500],
    [1000, 125],
    [1006, 125],
    [1012, 125],
    [4408, 125],
  ])('with %i is followed by another in %p ms', async (code, retryInMs) => {
    const harness = await new Harness().connect();
    expect(await endings(harness, code)).toMatchObject({ code, retryInMs });
    harness.clock.advance(retryInMs ?? 60_000);
    await settled();
    expect(harness.network.sockets).toHaveLength(retryInMs === undefined ? 1 : 2);
  });

  it('for good fails what waits with the reason', async () => {
    const harness = await new Harness().connect();
    const run = await harness.ask();
    const asked = harness.client.request('list_threads', {});
    const next = harness.client.events()[Symbol.asyncIterator]().next();
    harness.socket.deliver(refusal('forbidden'));
    harness.socket.drop(4403);
    const reason = { code: 'forbidden' };
    await expect(run.result()).rejects.toMatchObject(reason);
    await expect(asked).rejects.toMatchObject(reason);
    await expect(next).rejects.toMatchObject(reason);
    await expect(harness.client.ask('hi')).rejects.toMatchObject({ code: 'not_connected' });
  });

  it('with 4401 is replaced with a new token, until two are refused in a row', async () => {
    let count = 0;
    const harness = await new Harness({ token: () => Promise.resolve(`t${(count += 1)}`) }).connect();
    harness.socket.drop(4401);
    harness.clock.advance(125);
    await settled();
    expect(harness.socket.protocols[1]).toBe(`jwt.${btoa('t2').replace('=', '')}`);
    expect((await endings(harness, 4401))?.retryInMs).toBeUndefined();
  });

  it('waits longer each time, up to a number of times', async () => {
    const harness = await new Harness({ maxReconnectAttempts: 3 }).connect();
    const delays: (number | undefined)[] = [];
    harness.client.on('close', (end) => delays.push(end.retryInMs));
    for (const delayMs of [125, 250, 500]) {
      harness.socket.drop();
      harness.clock.advance(delayMs);
      await settled();
    }
    harness.socket.drop();
    expect(delays).toEqual([125, 250, 500, undefined]);
  });

  it('starts the count anew after a connection that lived', async () => {
    const harness = await new Harness({ maxReconnectAttempts: 1 }).connect();
    for (let round = 0; round < 3; round += 1) {
      harness.clock.advance(10_000);
      await harness.reconnect();
    }
    expect(harness.network.sockets).toHaveLength(4);
  });

  it('waits as long as a draining server asks', async () => {
    const harness = await new Harness().connect();
    harness.socket.deliver({ type: 'server_draining', reason: 'deploy', retry_after_ms: 4321, deadline: '' });
    expect((await endings(harness, 1012))?.retryInMs).toBe(4321);
  });

  it('by close of the client is not replaced, and leaves no timer', async () => {
    const harness = await new Harness().connect();
    const asked = harness.client.request('create_thread', {});
    harness.client.close();
    await expect(asked).rejects.toMatchObject({ code: 'client_closed' });
    expect([harness.socket.closedWith, harness.clock.waiting]).toEqual([1000, 0]);
  });

  it('is not waited for after close', async () => {
    const harness = await new Harness().connect();
    harness.socket.drop();
    harness.client.close();
    harness.clock.advance(60_000);
    await settled();
    expect([harness.network.sockets.length, harness.clock.waiting]).toEqual([1, 0]);
  });
});

describe('a connection that is up', () => {
  it('sends heartbeats, and is given up when the server is silent', async () => {
    const harness = await new Harness().connect();
    harness.clock.advance(15_000);
    harness.socket.deliver({ type: 'heartbeat_ack', server_time: '' });
    harness.clock.advance(44_999);
    expect(harness.socket.ofType('heartbeat')).toHaveLength(3);
    expect(harness.socket.closedWith).toBeUndefined();
    harness.clock.advance(1);
    expect(harness.socket.closedWith).toBe(1005);
  });

  it('is given up when the server sends what is no frame', async () => {
    const harness = await new Harness().connect();
    const ends: LinkEnd[] = [];
    harness.client.on('close', (end) => ends.push(end));
    harness.socket.deliverText('{"type":');
    harness.socket.drop();
    expect(ends).toMatchObject([{ error: { code: 'invalid_server_frame' }, retryInMs: 125 }]);
  });

  it('renews its token in place', async () => {
    let count = 0;
    const harness = await new Harness({ token: () => Promise.resolve(`t${(count += 1)}`) }).connect();
    harness.socket.deliver({ type: 'auth_expiring', expires_at: '' });
    await settled();
    expect(harness.socket.last('authenticate').token).toBe('t2');
  });

  it.each([
    ['with a fixed token', () => 'token'],
    ['when there is no new token', () => tokenOnce(() => Promise.reject(new Error('signed out')))],
    ['when the token function throws', () => tokenOnce(signedOut)],
  ])('goes on until its token expires %s', async (_name, token) => {
    const harness = await new Harness({ token: token() }).connect();
    harness.socket.deliver({ type: 'auth_expiring', expires_at: '' });
    await settled();
    expect(harness.socket.sent).toEqual([]);
  });
});

function signedOut(): never {
  throw new Error('signed out');
}

function tokenOnce(next: () => Promise<string>): () => Promise<string> {
  let given = false;
  return () => {
    if (given) return next();
    given = true;
    return Promise.resolve('token');
  };
}
