import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SocketClient } from '../support/socket.js';
import { TestServer, type TestUser } from '../support/server.js';

let server: TestServer;
let user: TestUser;

beforeAll(async () => {
  server = await TestServer.start();
  user = await server.register();
});
afterAll(() => server.stop());

const withOrigin = (origin: string) => ({ headers: { origin, authorization: `Bearer ${user.token}` } });

describe('a page', () => {
  it('of another origin gets 403 and no socket', async () => {
    for (const origin of ['https://evil.example', 'http://localhost.evil.example', 'null']) {
      const refusal = await SocketClient.refusal(server.socketUrl(), withOrigin(origin));
      expect(refusal).toMatchObject({ status: 403, body: { error: { code: 'origin_not_allowed', retryable: false } } });
    }
  });

  it('of the own origin or of localhost gets one, as does a client without an origin', async () => {
    for (const origin of [server.url, 'http://localhost:5173']) {
      const client = await server.socket('', withOrigin(origin));
      await client.next('connection_ready');
      client.close();
    }
    (await server.connect(user)).close();
  });
});

describe('a path other than /ws', () => {
  it('gets 404 and no socket', async () => {
    const { headers } = withOrigin(server.url);
    for (const path of ['/', '/socket', '/ws/more', '//ws', '/api/threads']) {
      const refusal = await SocketClient.refusal(`${server.url.replace('http', 'ws')}${path}`, { headers });
      expect(refusal).toMatchObject({ status: 404, body: { error: { code: 'not_found' } } });
    }
  });
});
