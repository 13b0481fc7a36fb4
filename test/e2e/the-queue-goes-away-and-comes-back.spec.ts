import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AskingUsers } from '../support/asking-users.js';
import { ScriptedModule } from '../support/scripted.module.js';
import { createSideEffects } from '../support/scripted-tools.js';
import { TestServer } from '../support/server.js';
import type { TcpProxy } from '../support/tcp-proxy.js';
import { until } from '../support/until.js';

/** What the connections of the queue say of themselves. */
const QUEUE = 'goldenpath-queue';

describe('the queue goes away and comes back', () => {
  let server: TestServer;
  let proxy: TcpProxy;
  beforeAll(async () => {
    ({ server, proxy } = await TestServer.startThroughProxy({ MESSAGES_PER_MINUTE: '10000' }, [ScriptedModule]));
    await createSideEffects(server.database);
  });
  afterAll(() => server.stop());

  it('everybody is told, runs are accepted and finish without it, and the same connections are promoted', async () => {
    const users = await AskingUsers.start(server, 4);
    proxy.refuse(QUEUE);
    await users.allGot(
      ({ type, service, mode }) => type === 'service_degraded' && service === 'queue' && mode === 'degraded',
      'everybody is told',
    );
    const health = await server.call('GET', '/health');
    expect([health.status, health.json]).toMatchObject([
      200,
      { status: 'degraded', mode: 'degraded', checks: { queue: { status: 'down' }, database: { status: 'up' } } },
    ]);
    const late = await server.connect(await server.register());
    expect(late.frames[0]).toMatchObject({ type: 'connection_ready', mode: 'full', degraded: ['queue'] });

    const before = users.runs.length;
    await until(() => users.runs.length >= before + 12, { timeoutMs: 25_000, message: 'runs go on' });

    proxy.admitAll();
    await users.allGot(
      ({ type, service, mode }) => type === 'service_recovered' && service === 'queue' && mode === 'full',
      'everybody is told of the return',
    );
    expect((await server.call('GET', '/health')).json).toMatchObject({ status: 'healthy', mode: 'full' });
    const after = users.runs.length;
    await until(() => users.runs.length >= after + 4, { timeoutMs: 25_000, message: 'runs go on with it' });
    await users.stop();
    expect(users.refusals).toEqual([]);
    expect(await users.faults(server.database)).toEqual([]);
  }, 90_000);
});
