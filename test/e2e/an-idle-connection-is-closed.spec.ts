import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TestServer, type TestUser } from '../support/server.js';

let server: TestServer;
let user: TestUser;

beforeAll(async () => {
  server = await TestServer.start({ WS_IDLE_TIMEOUT_MS: '2000', WS_PING_INTERVAL_MS: '1000' });
  user = await server.register();
});
afterAll(() => server.stop());

describe('a connection', () => {
  it('on which nobody sends a frame is closed as idle: pings are no frames', async () => {
    const idle = await server.connect(user);
    expect(await idle.end()).toEqual({ code: 1000, reason: 'idle' });
    expect(idle.pings).toBeGreaterThan(1);
  });
});
