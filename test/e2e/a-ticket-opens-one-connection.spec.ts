import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { TestServer, type TestUser } from '../support/server.js';

let server: TestServer;
let user: TestUser;

beforeAll(async () => {
  server = await TestServer.start();
  user = await server.register();
});
afterAll(() => server.stop());

async function newTicket(): Promise<string> {
  const answer = await server.call('POST', '/api/auth/ws-ticket', { token: user.token });
  return z.object({ ticket: z.string() }).parse(answer.json).ticket;
}

describe('a ticket', () => {
  it('opens a connection, once', async () => {
    const ticket = await newTicket();
    const first = await server.socket(`?ticket=${ticket}`);
    expect(await first.next('connection_ready')).toMatchObject({ user_id: user.id });
    const second = await server.socket(`?ticket=${ticket}`);
    expect(await second.next('error')).toMatchObject({ code: 'ticket_invalid', retryable: false });
    expect(await second.end()).toMatchObject({ code: 4401 });
    first.close();
  });

  it.each(['', 'nonsense'])('that does not exist is refused: %j', async (ticket) => {
    const client = await server.socket(`?ticket=${ticket}`);
    expect(await client.next('error')).toMatchObject({ code: 'ticket_invalid' });
    expect(await client.end()).toMatchObject({ code: 4401 });
  });
});
