import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TestServer, type TestUser } from '../support/server.js';

let server: TestServer;
let user: TestUser;

beforeAll(async () => {
  server = await TestServer.start();
  user = await server.register();
});
afterAll(() => server.stop());

const encoded = () => Buffer.from(user.token).toString('base64url');

describe('a token in a subprotocol', () => {
  it.each(['jwt', 'jwt-auth', 'bearer'])(
    'opens a connection as %s.<token>, raw or base64url, and is never echoed',
    async (prefix) => {
      for (const token of [user.token, encoded()]) {
        const client = await server.socket('', { protocols: ['jwt-auth', `${prefix}.${token}`] });
        expect(await client.next('connection_ready')).toMatchObject({ user_id: user.id });
        expect(client.socket.protocol).toBe('jwt-auth');
        client.close();
      }
    },
  );

  it('may be offered before the plain name', async () => {
    const client = await server.socket('', { protocols: [`jwt.${encoded()}`, 'jwt-auth'] });
    expect(await client.next('connection_ready')).toMatchObject({ user_id: user.id });
    expect(client.socket.protocol).toBe('jwt-auth');
    client.close();
  });

  it('that is wrong is refused', async () => {
    const client = await server.socket('', { protocols: ['jwt-auth', 'jwt.a.b.c'] });
    expect(await client.next('error')).toMatchObject({ code: 'token_invalid' });
    expect(await client.end()).toMatchObject({ code: 4401 });
  });
});
