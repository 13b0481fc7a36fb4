import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { TestServer, type TestUser } from '../support/server.js';
import { until } from '../support/until.js';

const run = z.object({ status: z.string(), steps: z.array(z.object({ path: z.string() })) });
const events = z.object({ data: z.array(z.object({ type: z.string(), agent_path: z.array(z.string()).default([]) })) });

describe('REST answers as the socket does', () => {
  let server: TestServer;
  let user: TestUser;
  let threadId: string;
  beforeAll(async () => {
    server = await TestServer.start();
    user = await server.register();
    const { json } = await server.call('POST', '/api/threads', { token: user.token, body: {} });
    threadId = z.object({ id: z.string() }).parse(json).id;
  });
  afterAll(() => server.stop());

  const call = (method: string, path: string, body?: unknown) => server.call(method, path, { token: user.token, body });

  it('refuses a foreign user_id, and a page behind the end of the log', async () => {
    const foreign = await call('POST', `/api/threads/${threadId}/messages`, { text: 'x', user_id: 'somebody' });
    expect([foreign.status, foreign.json]).toMatchObject([403, { error: { code: 'user_mismatch' } }]);
    const ahead = await call('GET', `/api/threads/${threadId}/events?after_seq=999`);
    expect([ahead.status, ahead.json]).toMatchObject([409, { error: { code: 'cursor_ahead' } }]);
    expect((await call('GET', `/api/threads/${threadId}/events?after_seq=0`)).status).toBe(200);
  });

  it('asks no browser for https over http, and no client for a header in its description', async () => {
    const answer = await call('GET', '/docs/openapi.json');
    expect(answer.headers.get('content-security-policy')).not.toContain('upgrade-insecure-requests');
    expect(answer.headers.get('strict-transport-security')).toBeNull();
    const secure = await server.call('GET', '/health', { headers: { 'x-forwarded-proto': 'https' } });
    expect(secure.headers.get('content-security-policy')).toContain('upgrade-insecure-requests');
    expect(secure.headers.get('strict-transport-security')).not.toBeNull();
    expect(secure.json).toMatchObject({ checks: { model: { latency_ms: expect.any(Number) } } });
    expect(answer.text).not.toMatch(/"name":"user-agent","required":true/);
    expect(answer.text).not.toMatch(/"required":true,"in":"header"/);
  });

  it('lists the steps of a run in the order in which agents were done', async () => {
    const accepted = await call('POST', `/api/threads/${threadId}/messages`, {
      text: 'Analyze my AI costs',
      user_id: user.id,
    });
    const { run_id: runId } = z.object({ run_id: z.string() }).parse(accepted.json);
    const done = await until(
      async () => {
        const found = run.parse((await call('GET', `/api/runs/${runId}`)).json);
        return found.status === 'completed' ? found : undefined;
      },
      { timeoutMs: 20_000, message: 'the run ends' },
    );
    const log = events.parse((await call('GET', `/api/threads/${threadId}/events?limit=1000`)).json).data;
    const completed = log
      .filter(({ type }) => type === 'agent_completed')
      .map(({ agent_path: path }) => path.join('/'));
    // The supervisor's result is that of the run itself.
    expect(done.steps.map(({ path }) => path)).toEqual(completed.slice(0, done.steps.length));
    expect(done.steps.length).toBeGreaterThan(1);
  });
});
