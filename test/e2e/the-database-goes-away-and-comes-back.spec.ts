import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../../src/context/json.js';
import { AskingUsers } from '../support/asking-users.js';
import { finishRun } from '../support/finished-run.js';
import { ScriptedModule } from '../support/scripted.module.js';
import { createSideEffects } from '../support/scripted-tools.js';
import { TestServer, type TestUser } from '../support/server.js';
import type { SocketClient } from '../support/socket.js';
import type { TcpProxy } from '../support/tcp-proxy.js';
import { until } from '../support/until.js';

let server: TestServer;
let proxy: TcpProxy;
let user: TestUser;
let client: SocketClient;

beforeAll(async () => {
  ({ server, proxy } = await TestServer.startThroughProxy({ MESSAGES_PER_MINUTE: '10000' }, [ScriptedModule]));
  await createSideEffects(server.database);
  user = await server.register();
  client = await server.connect(user);
});
afterAll(async () => {
  await proxy.open();
  await server.stop();
});

const ask = (messageId: string) =>
  client.ask({ type: 'user_message', message_id: messageId, text: 'Analyze my AI costs' });

describe('the database goes away and comes back', () => {
  it('everybody is told, nothing is accepted meanwhile, and the same connections go on without a gap', async () => {
    const users = await AskingUsers.start(server, 4);
    await proxy.close();

    // The queue is in the database: which of the two is told first is chance.
    const isTold = ({ type, service }: JsonObject): boolean => type === 'service_degraded' && service === 'database';
    expect(await client.next(isTold, 20_000)).toMatchObject({ mode: 'limited', capabilities: [] });
    await users.allGot(isTold, 'everybody is told');

    const refusal = await ask('during-the-outage');
    expect(refusal).toMatchObject({ type: 'error', code: 'database_unavailable', retryable: true });
    expect(refusal.retry_after_ms).toBeGreaterThan(0);
    expect(await client.ask({ type: 'ping' })).toMatchObject({ type: 'pong' });

    const health = await server.call('GET', '/health');
    expect([health.status, health.json]).toMatchObject([
      503,
      {
        status: 'unhealthy',
        mode: 'limited',
        checks: { database: { status: 'down', latency_ms: expect.any(Number) } },
      },
    ]);
    expect(health.text).not.toContain('127.0.0.1');
    expect((await server.call('GET', '/health/ready')).status).toBe(503);
    expect((await server.call('GET', '/health/live')).status).toBe(200);
    const overRest = await server.call('GET', '/api/threads', { token: user.token });
    expect([overRest.status, overRest.json]).toMatchObject([503, { error: { code: 'database_unavailable' } }]);
    expect(overRest.headers.get('retry-after')).toBe('1');

    await proxy.open();
    const recovered = await client.next('service_recovered', 20_000);
    expect(recovered).toMatchObject({ service: expect.stringMatching(/database|queue/) });
    await users.allGot(
      ({ type, service }) => type === 'service_recovered' && service === 'database',
      'everybody is told of the return',
    );
    await until(async () => (await server.call('GET', '/health/ready')).status === 200, { message: 'ready again' });
    await until(() => client.frames.some(({ type, mode }) => type === 'service_recovered' && mode === 'full'), {
      timeoutMs: 20_000,
      message: 'all of it is back',
    });

    expect(await ask('during-the-outage')).toMatchObject({ type: 'message_accepted', duplicate: false });
    const { texts } = await finishRun(client);
    expect(texts.length).toBeGreaterThan(5);
    await users.stop();
    expect(await users.faults(server.database)).toEqual([]);
  }, 90_000);

  it('a moment without it is waited out: the message is accepted once', async () => {
    await proxy.close();
    const answered = ask('in-a-moment');
    await proxy.open();
    expect(await answered).toMatchObject({ type: 'message_accepted', duplicate: false });
    const runs = await server.database.rows('SELECT 1 FROM message WHERE user_id = $1 AND id = $2', [
      user.id,
      'in-a-moment',
    ]);
    expect(runs).toHaveLength(1);
  });
});
