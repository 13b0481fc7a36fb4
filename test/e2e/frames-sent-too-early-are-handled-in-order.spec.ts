import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TestServer, type TestUser } from '../support/server.js';

let server: TestServer;
let user: TestUser;

beforeAll(async () => {
  server = await TestServer.start();
  user = await server.register();
});
afterAll(() => server.stop());

describe('frames that are sent too early', () => {
  it('are handled in order after connection_ready when the token came with the upgrade', async () => {
    const client = await server.socket('', { headers: { authorization: `Bearer ${user.token}` } });
    for (let count = 0; count < 20; count += 1) client.send({ type: 'ping', id: `p${count}` });
    await client.next(({ in_reply_to: id }) => id === 'p19');
    expect(client.frames.map((frame) => frame.in_reply_to ?? frame.type)).toEqual([
      'connection_ready',
      ...Array.from({ length: 20 }, (_, count) => `p${count}`),
    ]);
    client.close();
  });

  it('are kept before authenticate, too, and only authenticate is acted on', async () => {
    const client = await server.socket();
    client.send({ type: 'create_thread', title: 'early', id: 'e1' });
    client.sendText('junk');
    client.send({ type: 'ping', id: 'e2' });
    client.send({ type: 'authenticate', token: user.token, id: 'a' });
    client.send({ type: 'ping', id: 'e3' });
    await client.next(({ in_reply_to: id }) => id === 'e3');
    expect(client.frames.map(({ type, in_reply_to: id }) => [type, id])).toEqual([
      ['connection_ready', 'a'],
      ['thread_created', 'e1'],
      ['error', undefined],
      ['pong', 'e2'],
      ['pong', 'e3'],
    ]);
    client.close();
  });
});
