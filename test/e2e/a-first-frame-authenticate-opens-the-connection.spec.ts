import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TestServer, type TestUser } from '../support/server.js';

let server: TestServer;
let user: TestUser;

beforeAll(async () => {
  server = await TestServer.start();
  user = await server.register();
});
afterAll(() => server.stop());

describe('a first frame authenticate', () => {
  it('opens the connection and is answered with connection_ready', async () => {
    const client = await server.socket();
    client.send({ type: 'authenticate', token: user.token, id: 'a1' });
    expect(await client.next('connection_ready')).toMatchObject({ user_id: user.id, in_reply_to: 'a1' });
    client.close();
  });

  it('may be JSON-RPC and is then answered as such', async () => {
    const client = await server.socket('', { protocols: ['jwt-auth'] });
    client.send({ jsonrpc: '2.0', method: 'authenticate', params: { token: user.token }, id: 1 });
    expect(await client.next(({ id }) => id === 1)).toMatchObject({
      result: { type: 'connection_ready', user_id: user.id },
    });
    client.close();
  });

  it('with a wrong token is refused', async () => {
    const client = await server.socket();
    client.send({ type: 'authenticate', token: 'nonsense', id: 'a1' });
    expect(await client.next('error')).toMatchObject({ code: 'token_invalid', in_reply_to: 'a1' });
    expect(await client.end()).toEqual({ code: 4401, reason: 'token_invalid' });
  });

  it('that is malformed, or names another user, changes nothing: the next one counts', async () => {
    const client = await server.socket();
    client.send({ type: 'authenticate', id: 'a1' });
    expect(await client.next('error')).toMatchObject({ code: 'validation_failed', in_reply_to: 'a1' });
    client.send({ type: 'authenticate', token: user.token, user_id: 'somebody', id: 'a2' });
    expect(await client.next('error')).toMatchObject({ code: 'user_mismatch', in_reply_to: 'a2' });
    client.send({ type: 'authenticate', token: user.token, user_id: user.id });
    await client.next('connection_ready');
    client.close();
  });
});
