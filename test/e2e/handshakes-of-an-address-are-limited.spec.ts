import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TestServer } from '../support/server.js';
import { SocketClient } from '../support/socket.js';

const ENVIRONMENT = {
  NODE_ENV: 'staging',
  PORT: '0',
  HANDSHAKES_PER_MINUTE_PER_ADDRESS: '3',
  AUTH_REGISTRATION: 'open',
};

let server: TestServer;
let behindProxy: TestServer;

beforeAll(async () => {
  server = await TestServer.start(ENVIRONMENT);
  behindProxy = await server.sibling({ ...ENVIRONMENT, TRUSTED_PROXIES: '127.0.0.0/8' });
});
afterAll(async () => {
  await behindProxy.stop();
  await server.stop();
});

const forwardedFor = (address: string) => ({ headers: { 'x-forwarded-for': address } });

describe('the handshakes of an address', () => {
  it('are limited in a minute: 503 with the time to wait', async () => {
    for (let count = 0; count < 3; count += 1) (await server.socket()).terminate();
    const refusal = await SocketClient.refusal(server.socketUrl());
    expect(refusal).toMatchObject({
      status: 503,
      body: { error: { retryable: true, retry_after_ms: expect.any(Number) } },
    });
    expect(Number(refusal.headers['retry-after'])).toBeGreaterThan(0);
  });

  it('are not those of an address that it only names', async () => {
    const refusal = await SocketClient.refusal(server.socketUrl(), forwardedFor('192.0.2.1'));
    expect(refusal.status).toBe(503);
  });

  it('are counted by client behind a trusted proxy, and by network of an IPv6 one', async () => {
    for (let count = 1; count <= 3; count += 1) {
      (await behindProxy.socket('', forwardedFor(`198.51.100.${count}, 192.0.2.1`))).terminate();
      (await behindProxy.socket('', forwardedFor(`2001:db8:1:2::${count}`))).terminate();
    }
    for (const address of ['192.0.2.1', '2001:db8:1:2::4']) {
      expect((await SocketClient.refusal(behindProxy.socketUrl(), forwardedFor(address))).status).toBe(503);
    }
    for (const address of ['192.0.2.2', '2001:db8:1:3::4']) {
      (await behindProxy.socket('', forwardedFor(address))).terminate();
    }
  });
});
