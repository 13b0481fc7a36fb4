import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TestServer, type TestUser } from '../support/server.js';

let server: TestServer;
let user: TestUser;

beforeAll(async () => {
  server = await TestServer.start();
  user = await server.register();
});
afterAll(() => server.stop());

describe('connection_ready', () => {
  it('tells a client with a bearer token who it is and what it may expect', async () => {
    const client = await server.socket('', { headers: { authorization: `Bearer ${user.token}` } });
    expect(await client.next('connection_ready')).toEqual({
      type: 'connection_ready',
      connection_ready: true,
      user_id: user.id,
      tenant_id: user.tenantId,
      connection_id: expect.any(String),
      session_id: expect.any(String),
      log_id: expect.any(String),
      server_time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      server_version: expect.any(String),
      limits: { max_message_bytes: 8192, messages_per_minute: 100, concurrent_runs: 3, queued_runs: 20 },
      heartbeat: { interval_ms: 15_000, timeout_ms: 45_000 },
      critical_events: ['agent_started', 'agent_thinking', 'tool_executing', 'tool_completed', 'agent_completed'],
      mode: 'full',
      degraded: [],
      capabilities: expect.arrayContaining(['agents', 'history']),
    });
    expect(client.socket.protocol).toBe('');
    client.close();
    expect(await client.end()).toMatchObject({ code: 1005 });
  });

  it('is followed by a WebSocket ping at once', async () => {
    const client = await server.connect(user);
    client.send({ type: 'ping' });
    await client.next('pong');
    expect(client.pings).toBe(1);
    client.close();
  });
});
