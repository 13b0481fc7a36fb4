import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../../src/context/json.js';
import { createTestDatabase, openDatabase, type OpenDatabase, type TestDatabase } from '../support/database.js';
import { accepted } from '../support/finished-run.js';
import { Dependency, LateModule } from '../support/late.module.js';
import { ModelHost, says } from '../support/model-host.js';
import { connectAt, registerAt } from '../support/rest-user.js';
import { TestServer } from '../support/server.js';
import { ServerProcess } from '../support/server-process.js';
import { until } from '../support/until.js';

const isAbout =
  (service: string, type: string, mode: string) =>
  (frame: JsonObject): boolean =>
    frame.type === type && frame.service === service && frame.mode === mode;
const healthAt = async (url: string): Promise<unknown> => (await fetch(`${url}/health`)).json();

describe('a gateway whose work is done by another process', () => {
  const host = new ModelHost(says('Import your usage data, then ask again.'));
  let store: TestDatabase;
  let open: OpenDatabase;
  let environment: Record<string, string>;
  let gateway: ServerProcess;
  let worker: ServerProcess;
  beforeAll(async () => {
    await host.open();
    store = await createTestDatabase();
    open = await openDatabase(store.url);
    environment = { ...ServerProcess.environment(store.url), ...host.environment(), LOG_LEVEL: 'error' };
    [gateway, worker] = await Promise.all([
      ServerProcess.start({ ...environment, ROLE: 'api' }),
      ServerProcess.start({ ...environment, ROLE: 'worker' }),
    ]);
  }, 60_000);
  afterAll(async () => {
    await Promise.all([gateway, worker].map((server) => server.end('SIGKILL')));
    await host.close();
    await open.close();
    await store.drop();
  });

  it('tells its clients that the model is away at a worker, and when it is back or the worker gone', async () => {
    const client = await connectAt(gateway.url, await registerAt(gateway.url, 'somebody@example.com'));
    const loseModel = async (): Promise<void> => {
      await host.close();
      client.send({ type: 'user_message', text: 'Analyze my AI costs' });
      await client.next(isAbout('model', 'service_degraded', 'degraded'));
    };
    await loseModel();
    expect(await healthAt(gateway.url)).toMatchObject({ mode: 'degraded', checks: { model: { status: 'degraded' } } });
    await host.open();
    await client.next(isAbout('model', 'service_recovered', 'full'), 30_000);
    expect(await healthAt(gateway.url)).toMatchObject({ status: 'healthy', mode: 'full' });

    await loseModel();
    await worker.end('SIGKILL');
    await client.next(isAbout('model', 'service_recovered', 'full'), 30_000);
  }, 90_000);
});

describe('a gateway whose worker has agents that are not ready', () => {
  let gateway: TestServer;
  let worker: TestServer;
  beforeAll(async () => {
    gateway = await TestServer.start({ ROLE: 'api' }, [LateModule]);
    worker = await gateway.sibling({ ROLE: 'worker' }, [LateModule]);
  });
  afterAll(async () => {
    await worker.stop();
    await gateway.stop();
  });

  it('names mode and capabilities to those who are connected and to who comes, until they are ready', async () => {
    const user = await gateway.register();
    const client = await gateway.connect(user);
    const asked = await client.ask({ type: 'user_message', agent: 'late', text: 'Where does the money go?' });
    const { run_id: runId } = accepted.parse(asked);
    const limited = await client.next(isAbout('supervisor', 'service_degraded', 'limited'));
    expect(limited.capabilities).toEqual(['history', 'usage_import', 'usage_summary']);
    // The notice and the answer come by different ways.
    const isFinal = (frame: JsonObject): boolean => frame.final === true && frame.run_id === runId;
    const final = await until(() => client.frames.find(isFinal), { message: 'the answer' });
    expect(final).toMatchObject({ result: { mode: 'limited' } });
    const late = await gateway.connect(user);
    expect(late.frames[0]).toMatchObject({ mode: 'limited', degraded: ['supervisor'] });
    // One that is started meanwhile knows it from the first moment.
    const other = await gateway.sibling({ ROLE: 'api' }, [LateModule]);
    expect(await healthAt(other.url)).toMatchObject({ mode: 'limited', checks: { supervisor: { status: 'down' } } });
    await other.stop();
    worker.get(Dependency).isThere = true;
    await client.next(isAbout('supervisor', 'service_recovered', 'full'));
    await until(async () => JSON.stringify(await healthAt(gateway.url)).includes('"mode":"full"'), {
      message: 'full again',
    });
  });
});
