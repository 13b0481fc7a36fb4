import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TestServer } from '../support/server.js';
import { SocketClient } from '../support/socket.js';

let server: TestServer;

beforeAll(async () => {
  server = await TestServer.start({
    NODE_ENV: 'staging',
    HANDSHAKES_PER_MINUTE_PER_ADDRESS: '3',
    AUTH_REGISTRATION: 'open',
  });
});
afterAll(() => server.stop());

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
});
