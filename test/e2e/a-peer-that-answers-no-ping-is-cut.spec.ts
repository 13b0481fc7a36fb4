import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { until } from '../support/until.js';
import { TestServer, type TestUser } from '../support/server.js';

let server: TestServer;
let user: TestUser;

beforeAll(async () => {
  server = await TestServer.start({ WS_PING_INTERVAL_MS: '1000', WS_PING_TIMEOUT_MS: '3000' });
  user = await server.register();
});
afterAll(() => server.stop());

describe('a peer', () => {
  it('that answers no ping is cut, one that does stays', async () => {
    const dead = await server.connect(user, '', { autoPong: false });
    const alive = await server.connect(user);
    expect(await dead.end()).toMatchObject({ code: 1006 });
    expect(dead.pings).toBeGreaterThanOrEqual(2);
    expect(await alive.ask({ type: 'ping' })).toMatchObject({ type: 'pong' });
    alive.close();
  });

  it('that answers no ping but sends frames is alive', async () => {
    const talking = await server.connect(user, '', { autoPong: false });
    for (let count = 0; count < 5; count += 1) {
      const pings = talking.pings;
      await until(() => talking.pings > pings, { message: 'the next ping' });
      expect(await talking.ask({ type: 'heartbeat' })).toMatchObject({
        type: 'heartbeat_ack',
        server_time: expect.any(String),
      });
    }
    expect(talking.closed).toBeUndefined();
    talking.close();
  });
});
