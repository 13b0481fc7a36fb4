import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { JsonObject } from '../../src/context/json.js';
import { LimitedAnswer } from '../../src/agents/limited-answer.js';
import { accepted, finalEvent } from '../support/finished-run.js';
import { Dependency, LateModule } from '../support/late.module.js';
import { logFaults } from '../support/run-log.js';
import { TestServer, type TestUser } from '../support/server.js';
import type { SocketClient } from '../support/socket.js';
import { until } from '../support/until.js';

const USAGE = JSON.stringify([
  { timestamp: '2026-09-01T10:00:00Z', model: 'gpt-4o', input_tokens: 1_000_000, output_tokens: 100_000 },
  { timestamp: '2026-10-02T10:00:00Z', model: 'gpt-4o-mini', input_tokens: 2_000_000, output_tokens: 0 },
]);

describe('agents that are not ready', () => {
  let server: TestServer;
  let user: TestUser;
  let client: SocketClient;
  beforeAll(async () => {
    server = await TestServer.start({}, [LateModule]);
    user = await server.register();
    client = await server.connect(user);
  });
  beforeEach(() => setThere(false));
  afterAll(() => server.stop());

  const setThere = (isThere: boolean): void => {
    server.get(Dependency).isThere = isThere;
  };
  const ask = async () =>
    accepted.parse(await client.ask({ type: 'user_message', agent: 'late', text: 'Where does the money go?' }));
  const isSupervisor = (type: string, mode: string) => (frame: JsonObject) =>
    frame.type === type && frame.service === 'supervisor' && frame.mode === mode;
  const health = async () => (await server.call('GET', '/health')).json;

  it('are waited for, then the totals of the data answer, and the same connection is promoted', async () => {
    const body = await fetch(`${server.url}/api/usage/imports`, {
      method: 'POST',
      headers: { authorization: `Bearer ${user.token}`, 'content-type': 'application/json' },
      body: USAGE,
    });
    expect(body.status).toBe(201);
    const { run_id: runId, thread_id: threadId } = await ask();
    await client.next(isSupervisor('service_degraded', 'degraded'));
    expect(await health()).toMatchObject({ mode: 'degraded', checks: { supervisor: { status: 'degraded' } } });
    const limited = await client.next(isSupervisor('service_degraded', 'limited'));
    expect(limited.capabilities).toEqual(['history', 'usage_import', 'usage_summary']);
    expect(await health()).toMatchObject({ status: 'degraded', mode: 'limited' });

    const final = await finalEvent(client, runId);
    expect(final).toMatchObject({ status: 'completed', result: { mode: 'limited' } });
    // 1,000,000 × $2.50 + 100,000 × $10.00, and 2,000,000 × $0.15, each for a million tokens.
    expect(final.response).toContain('Limited answer');
    expect(final.response).toContain('September 2026 to October 2026');
    expect(final.response).toContain('Cost at list prices: $3.80');
    expect(final.response).toContain('gpt-4o: $3.50');
    const preferred = { token: user.token, body: { currency_display: 'USD' } };
    expect(await server.call('PUT', '/api/auth/me/preferences', preferred)).toMatchObject({ status: 200 });
    const shown = await server.get(LimitedAnswer).compose({ tenantId: user.tenantId, userId: user.id });
    expect(shown).toContain('Cost at list prices: USD 3.80');
    expect(shown).not.toContain('$');
    expect(await logFaults(server.database, threadId)).toEqual([]);
    const history = await client.ask({ type: 'get_thread_history', thread_id: threadId });
    expect(history).toMatchObject({ data: [{ role: 'user' }, { role: 'assistant', text: final.response }] });

    const late = await server.connect(user);
    expect(late.frames[0]).toMatchObject({
      mode: 'limited',
      degraded: ['supervisor'],
      capabilities: limited.capabilities,
    });
    setThere(true);
    await client.next(isSupervisor('service_recovered', 'full'));
    expect(await health()).toMatchObject({ status: 'healthy', mode: 'full' });
    expect(await finalEvent(client, (await ask()).run_id)).toMatchObject({ response: 'The full answer.' });
  });

  it('that come up while they are waited for answer in full', async () => {
    const { run_id: runId } = await ask();
    await client.next(isSupervisor('service_degraded', 'degraded'));
    setThere(true);
    expect(await finalEvent(client, runId)).toMatchObject({ status: 'completed', response: 'The full answer.' });
    await until(async () => JSON.stringify(await health()).includes('"mode":"full"'), { message: 'full again' });
  });

  it('do not keep a run from being cancelled while it waits', async () => {
    const { run_id: runId, thread_id: threadId } = await ask();
    await client.next(isSupervisor('service_degraded', 'degraded'));
    await client.ask({ type: 'cancel_run', run_id: runId });
    expect(await finalEvent(client, runId)).toMatchObject({
      status: 'cancelled',
      response: expect.stringMatching(/\S/),
    });
    expect(await logFaults(server.database, threadId)).toEqual([]);
  });

  it('end the run with an error and its id where totals can not be had either', async () => {
    jest
      .spyOn(server.get(LimitedAnswer), 'compose')
      .mockRejectedValueOnce(new Error('a detail that users must not see'));
    const { run_id: runId } = await ask();
    const final = await finalEvent(client, runId);
    expect(final).toMatchObject({
      status: 'failed',
      error: { code: 'engine_init_failed', error_id: expect.any(String) },
      response: expect.stringMatching(/\S/),
    });
    expect(JSON.stringify(final)).not.toContain('a detail');
  });
});
