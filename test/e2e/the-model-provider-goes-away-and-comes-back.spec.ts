import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AskingUsers } from '../support/asking-users.js';
import { finishRun } from '../support/finished-run.js';
import { ModelHost, says } from '../support/model-host.js';
import { TestServer } from '../support/server.js';
import { until } from '../support/until.js';

describe('the model provider goes away and comes back', () => {
  const host = new ModelHost(says('Import your usage data, then ask again.'));
  let server: TestServer;
  beforeAll(async () => {
    await host.open();
    server = await TestServer.start({ ...host.environment(), MESSAGES_PER_MINUTE: '10000' });
  });
  afterAll(async () => {
    await server.stop();
    await host.close();
  });

  it('everybody is told, the planner answers meanwhile, and the same connections are promoted without a message', async () => {
    const users = await AskingUsers.start(server, 2, { text: 'Analyze my AI costs' });
    const idle = await server.connect(await server.register());
    await host.close();
    await users.allGot(
      ({ type, service, mode }) => type === 'service_degraded' && service === 'model' && mode === 'degraded',
      'everybody is told',
    );
    const health = await server.call('GET', '/health');
    expect([health.status, health.json]).toMatchObject([
      200,
      { status: 'degraded', mode: 'degraded', checks: { model: { status: 'degraded' } } },
    ]);
    const late = await server.connect(await server.register());
    expect(late.frames[0]).toMatchObject({ type: 'connection_ready', mode: 'full', degraded: ['model'] });
    await finishRun(late);
    const final = late.frames.find((frame) => frame.final === true);
    expect(final).toMatchObject({ status: 'completed', response: expect.stringMatching(/\S/) });
    expect(late.frames).toContainEqual(
      expect.objectContaining({ type: 'agent_thinking', reasoning: expect.stringContaining('the planner goes on') }),
    );
    await users.stop();

    await host.open();
    const recovered = await idle.next('service_recovered', 30_000);
    expect(recovered).toMatchObject({ service: 'model', mode: 'full' });
    await until(async () => (await server.call('GET', '/health')).text.includes('"status":"healthy"'), {
      message: 'healthy again',
    });
    expect(await users.faults(server.database)).toEqual([]);
  }, 90_000);
});
