import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TestServer, type TestUser } from '../support/server.js';

let server: TestServer;
let user: TestUser;

beforeAll(async () => {
  server = await TestServer.start();
  user = await server.register();
});
afterAll(() => server.stop());

describe('before connection_ready', () => {
  it('fifty frames are kept, one more ends the connection', async () => {
    const fits = await server.socket();
    for (let count = 0; count < 50; count += 1) fits.send({ type: 'ping' });
    fits.send({ type: 'authenticate', token: user.token });
    await fits.next('connection_ready');
    fits.close();

    const over = await server.socket();
    for (let count = 0; count < 51; count += 1) over.send({ type: 'ping' });
    expect(await over.next('error')).toMatchObject({ code: 'too_many_early_frames', retryable: false });
    expect(await over.end()).toEqual({ code: 4400, reason: 'too_many_early_frames' });
  });

  it('64 KiB are kept, more ends the connection', async () => {
    const frame = { type: 'ping', padding: 'x'.repeat(8000) };
    const client = await server.socket();
    for (let count = 0; count < 9; count += 1) client.send(frame);
    expect(await client.next('error')).toMatchObject({ code: 'too_many_early_frames' });
    expect(await client.end()).toMatchObject({ code: 4400 });
  });
});
