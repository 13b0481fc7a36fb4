import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AskingUsers } from '../support/asking-users.js';
import { ScriptedModule } from '../support/scripted.module.js';
import { createSideEffects } from '../support/scripted-tools.js';
import { TestServer } from '../support/server.js';
import { TcpProxy } from '../support/tcp-proxy.js';
import { until } from '../support/until.js';

const redisUrl = process.env.REDIS_URL;
// A user's machine may have no Redis: listed as skipped there.
const when = redisUrl === undefined ? describe['skip'] : describe;

when('Redis goes away and comes back', () => {
  let proxy: TcpProxy;
  let server: TestServer;
  let sibling: TestServer;
  beforeAll(async () => {
    const url = new URL(redisUrl ?? 'redis://none');
    proxy = new TcpProxy({ host: url.hostname, port: Number(url.port === '' ? 6379 : url.port) });
    url.hostname = '127.0.0.1';
    url.port = String(await proxy.open());
    const environment = { REDIS_URL: url.href, MESSAGES_PER_MINUTE: '10000' };
    server = await TestServer.start(environment, [ScriptedModule]);
    await createSideEffects(server.database);
    sibling = await server.sibling(environment, [ScriptedModule]);
  });
  afterAll(async () => {
    await sibling.stop();
    await server.stop();
    await proxy.close();
  });

  it.each(['with its connections', 'without a word'])(
    'it goes %s: everybody is told, runs of both servers go on meanwhile, and the same connections are promoted',
    async (how) => {
      const users = await AskingUsers.start(server, 4);
      if (how === 'without a word') proxy.fallSilent();
      else await proxy.close();
      await users.allGot(
        ({ type, service, mode, capabilities }) =>
          type === 'service_degraded' &&
          service === 'redis' &&
          mode === 'degraded' &&
          Array.isArray(capabilities) &&
          capabilities.includes('agents'),
        'everybody is told, and that nothing is missing',
      );
      const health = await server.call('GET', '/health/ready');
      expect([health.status, health.json]).toMatchObject([
        200,
        { status: 'degraded', mode: 'degraded', checks: { redis: { status: 'down' }, database: { status: 'up' } } },
      ]);
      const late = await server.connect(await server.register());
      expect(late.frames[0]).toMatchObject({ type: 'connection_ready', mode: 'full', degraded: ['redis'] });

      const before = users.runs.length;
      await until(() => users.runs.length >= before + 8, { timeoutMs: 25_000, message: 'runs go on' });

      proxy.admitAll();
      await proxy.open();
      await users.allGot(
        ({ type, service, mode }) => type === 'service_recovered' && service === 'redis' && mode === 'full',
        'everybody is told of the return',
      );
      expect((await server.call('GET', '/health')).json).toMatchObject({ status: 'healthy', mode: 'full' });
      await users.stop();
      expect(users.refusals).toEqual([]);
      expect(await users.faults(server.database)).toEqual([]);
    },
    90_000,
  );
});
