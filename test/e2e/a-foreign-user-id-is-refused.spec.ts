import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TestServer, type TestUser } from '../support/server.js';

let server: TestServer;
let user: TestUser;

beforeAll(async () => {
  server = await TestServer.start();
  user = await server.register();
});
afterAll(() => server.stop());

describe('a user_id in a frame', () => {
  it("must be the authenticated user's, wherever it stands", async () => {
    const stranger = await server.register();
    const client = await server.connect(user);
    for (const frame of [
      { type: 'user_message', text: 'hello', user_id: stranger.id },
      { type: 'ping', user_id: '' },
      { type: 'chat', data: { text: 'hello', user_id: stranger.id } },
      { type: 'list_threads', payload: { user_id: stranger.id } },
    ]) {
      expect(await client.ask(frame)).toMatchObject({ type: 'error', code: 'user_mismatch', retryable: false });
    }
    client.send({ jsonrpc: '2.0', method: 'ping', params: { user_id: stranger.id }, id: 1 });
    expect(await client.next(({ id }) => id === 1)).toMatchObject({
      error: { code: -32000, data: { code: 'user_mismatch' } },
    });
    expect(await client.ask({ type: 'ping', user_id: user.id })).toMatchObject({ type: 'pong' });
    expect(await client.ask({ type: 'list_threads' })).toMatchObject({ data: [] });
    client.close();
  });
});
