import { describe, expect, it } from '@jest/globals';
import { TestServer } from '../support/server.js';
import { SocketClient } from '../support/socket.js';
import { Lifecycle } from '../../src/monitor/lifecycle.js';

describe('a server that goes down', () => {
  it('tells its clients, opens no more sockets, and closes with 1012', async () => {
    const server = await TestServer.start();
    const user = await server.register();
    const client = await server.connect(user);
    const waiting = await server.socket();
    server.get(Lifecycle).beginDraining({ reason: 'test', deadline: new Date(Date.now() + 5_000) });

    expect(await client.next('server_draining')).toEqual({
      type: 'server_draining',
      reason: 'test',
      retry_after_ms: expect.any(Number),
      deadline: expect.any(String),
    });
    expect(await waiting.next('error')).toMatchObject({ code: 'server_draining' });
    expect(await waiting.end()).toMatchObject({ code: 1012 });
    expect(await client.ask({ type: 'ping' })).toMatchObject({ type: 'pong' });
    const headers = { authorization: `Bearer ${user.token}` };
    const refusal = await SocketClient.refusal(server.socketUrl(), { headers });
    expect(refusal).toMatchObject({ status: 503, body: { error: { code: 'server_draining', retryable: true } } });
    expect(Number(refusal.headers['retry-after'])).toBeGreaterThan(0);

    await server.stop();
    expect(await client.end()).toEqual({ code: 1012, reason: 'restart' });
  });
});
