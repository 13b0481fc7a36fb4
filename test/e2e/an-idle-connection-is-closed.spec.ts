import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TestServer, type TestUser } from '../support/server.js';

let server: TestServer;
let user: TestUser;

beforeAll(async () => {
  server = await TestServer.start({
    WS_IDLE_TIMEOUT_MS: '2000',
    WS_PING_INTERVAL_MS: '1000',
    WS_SWEEP_INTERVAL_MS: '500',
  });
  user = await server.register();
});
afterAll(() => server.stop());

describe('a connection', () => {
  it('on which nobody sends a frame is closed as idle: neither pings nor what is told of the connection count', async () => {
    const idle = await server.connect(user);
    expect(await idle.end()).toEqual({ code: 1000, reason: 'idle' });
    expect(idle.pings).toBeGreaterThan(1);
    const told = idle.frames.filter(({ type }) => type === 'connection_stats');
    expect(told.length).toBeGreaterThan(1);
    expect(told[0]).toEqual({
      type: 'connection_stats',
      connection_id: idle.frames[0]?.connection_id,
      frames_in: 0,
      frames_out: 1,
      bytes_in: 0,
      bytes_out: Buffer.byteLength(idle.texts[0] ?? ''),
      buffered_bytes: 0,
    });
  });
});
