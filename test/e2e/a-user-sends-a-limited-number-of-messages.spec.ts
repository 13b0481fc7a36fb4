import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TestServer, type TestUser } from '../support/server.js';

let server: TestServer;
let user: TestUser;

beforeAll(async () => {
  server = await TestServer.start({ MESSAGES_PER_MINUTE: '3' });
  user = await server.register();
});
afterAll(() => server.stop());

describe('messages in a minute', () => {
  it('are limited for the user over all connections and doors, with the time to wait', async () => {
    const first = await server.connect(user);
    const second = await server.connect(user);
    for (const client of [first, second, first]) {
      expect(await client.ask({ type: 'user_message', text: 'hello' })).toMatchObject({ type: 'message_accepted' });
    }
    const limited = { code: 'rate_limited', retryable: true, retry_after_ms: expect.any(Number) };
    expect(await second.ask({ type: 'user_message', text: 'hello' })).toMatchObject(limited);
    const answer = await server.call('POST', '/api/threads/x/messages', { token: user.token, body: { text: 'hello' } });
    expect([answer.status, answer.json]).toMatchObject([429, { error: limited }]);
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await second.ask({ type: 'ping' })).toMatchObject({ type: 'pong' });
    const stranger = await server.connect(await server.register());
    expect(await stranger.ask({ type: 'user_message', text: 'hello' })).toMatchObject({ type: 'message_accepted' });
    for (const client of [first, second, stranger]) client.close();
  });

  it('are limited over all servers', async () => {
    const replica = await server.sibling({ MESSAGES_PER_MINUTE: '3' });
    const there = await server.register();
    const [here, elsewhere] = [await server.connect(there), await replica.connect(there)];
    for (let count = 0; count < 3; count += 1) {
      const { run_id: runId } = await here.ask({ type: 'user_message', text: 'hello' });
      // Announced behind what the message costs: who has it has heard of both.
      await elsewhere.next((frame) => frame.run_id === runId && frame.final === true, 20_000);
    }
    expect(await elsewhere.ask({ type: 'user_message', text: 'hello' })).toMatchObject({ code: 'rate_limited' });
    for (const client of [here, elsewhere]) client.close();
    await replica.stop();
  }, 60_000);
});
