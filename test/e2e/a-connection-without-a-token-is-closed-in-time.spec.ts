import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TestServer, type TestUser } from '../support/server.js';

const AUTH_TIMEOUT = '1000';

let server: TestServer;
let user: TestUser;

beforeAll(async () => {
  server = await TestServer.start({ WS_AUTH_TIMEOUT_MS: AUTH_TIMEOUT });
  user = await server.register();
});
afterAll(() => server.stop());

describe('a connection without a token', () => {
  it('is closed in time, whatever else it sends, and one with a token is not', async () => {
    const silent = await server.socket();
    const talking = await server.socket();
    talking.send({ type: 'ping' });
    const good = await server.connect(user);
    for (const client of [silent, talking]) {
      expect(await client.next('error')).toMatchObject({ code: 'auth_timeout', retryable: false });
      expect(await client.end()).toEqual({ code: 4401, reason: 'auth_timeout' });
      expect(client.frames).toHaveLength(1);
    }
    expect(await good.ask({ type: 'ping' })).toMatchObject({ type: 'pong' });
    good.close();
  });
});
