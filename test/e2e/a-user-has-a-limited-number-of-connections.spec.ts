import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TestServer, type TestUser } from '../support/server.js';

let server: TestServer;
let user: TestUser;

beforeAll(async () => {
  server = await TestServer.start({ CONNECTIONS_PER_USER: '2' });
  user = await server.register();
});
afterAll(() => server.stop());

describe('the connections of a user', () => {
  it('are limited: the one over the limit is closed, the others stay, and its place is free again later', async () => {
    const first = await server.connect(user);
    const second = await server.connect(user);
    const third = await server.socket('', { headers: { authorization: `Bearer ${user.token}` } });
    expect(await third.next('error')).toMatchObject({
      code: 'too_many_connections',
      retryable: true,
      retry_after_ms: expect.any(Number),
    });
    expect(await third.end()).toEqual({ code: 4409, reason: 'too_many_connections' });
    expect(await first.ask({ type: 'ping' })).toMatchObject({ type: 'pong' });
    second.close();
    await second.end();
    const fourth = await server.connect(user);
    const stranger = await server.connect(await server.register());
    for (const client of [first, fourth, stranger]) client.close();
  });
});
