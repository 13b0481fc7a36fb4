import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TestServer, type TestUser } from '../support/server.js';

let server: TestServer;
let user: TestUser;

beforeAll(async () => {
  server = await TestServer.start();
  user = await server.register();
});
afterAll(() => server.stop());

describe('bad frames', () => {
  it('are answered a hundred times in a minute, then the connection is closed with 4400', async () => {
    const client = await server.connect(user);
    for (let count = 0; count < 99; count += 1) client.sendText('junk');
    expect(await client.ask({ type: 'ping' })).toMatchObject({ type: 'pong' });
    client.sendText('junk');
    expect(await client.end()).toMatchObject({ code: 4400 });
    expect(client.frames.filter(({ type }) => type === 'error')).toHaveLength(100);
  });
});
