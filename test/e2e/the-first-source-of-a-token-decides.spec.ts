import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import type { SocketOptions } from '../support/socket.js';
import { TestServer, type TestUser } from '../support/server.js';

let server: TestServer;
let user: TestUser;

beforeAll(async () => {
  server = await TestServer.start();
  user = await server.register();
});
afterAll(() => server.stop());

const expectRefusal = async (options: SocketOptions, query = '', code = 'token_invalid') => {
  const client = await server.socket(query, options);
  expect(await client.next('error')).toMatchObject({ code });
  expect(await client.end()).toMatchObject({ code: 4401 });
};

describe('the first source of a token that is present decides', () => {
  it('so that a wrong one is refused although a later one is good', async () => {
    const protocols = ['jwt-auth', `jwt.${user.token}`];
    await expectRefusal({ headers: { authorization: 'Bearer nonsense' }, protocols });
    const answer = await server.call('POST', '/api/auth/ws-ticket', { token: user.token });
    const { ticket } = z.object({ ticket: z.string() }).parse(answer.json);
    await expectRefusal({ protocols: ['jwt-auth', 'jwt.a.b.c'] }, `?ticket=${ticket}`);
    const client = await server.socket(`?ticket=${ticket}`);
    await client.next('connection_ready');
    client.close();
  });

  it('and a good one is taken although a later one is wrong', async () => {
    const client = await server.connect(user, '?ticket=nonsense', { protocols: ['jwt-auth', 'jwt.a.b.c'] });
    client.close();
  });
});
