import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { GoldenPathMonitor } from '../../src/monitor/golden-path-monitor.js';
import { ADMIN, adminToken, deliveryOf } from '../support/admin.js';
import { finishRun } from '../support/finished-run.js';
import { metricsOf } from '../support/metrics.js';
import { runEnd } from '../support/run-log.js';
import { script } from '../support/scripted-agent.js';
import { ScriptedModule } from '../support/scripted.module.js';
import { TestServer, type TestUser } from '../support/server.js';
import { submitScript } from '../support/submit.js';
import { until } from '../support/until.js';
import { startWebhook, type Webhook } from '../support/webhook.js';

let webhook: Webhook;
let server: TestServer;
let admin: string;
let user: TestUser;
let settings: { ALERT_WEBHOOK_URL: string; FINAL_EVENT_SEEN_WITHIN_S: string };

beforeAll(async () => {
  webhook = await startWebhook();
  settings = { ALERT_WEBHOOK_URL: webhook.url, FINAL_EVENT_SEEN_WITHIN_S: '1' };
  server = await TestServer.start({ ...ADMIN, ...settings }, [ScriptedModule]);
  admin = await adminToken(server);
  user = await server.register();
});
afterAll(async () => {
  await server.stop();
  webhook.close();
});

const report = z.object({
  status: z.string(),
  events: z.array(
    z.object({
      ...{ type: z.string(), emitted: z.number(), delivered: z.number(), failed: z.number(), pending: z.number() },
      ...{ success_rate: z.number().nullable(), status: z.string() },
    }),
  ),
});
const evaluated = async () => {
  await server.get(GoldenPathMonitor).evaluate();
  return report.parse((await server.call('GET', '/api/admin/monitor', { token: admin })).json);
};

describe('the golden path monitor', () => {
  it('knows nothing as long as nothing happened, and says so to admins only', async () => {
    const { status, events } = await evaluated();
    expect([status, ...new Set(events.map((event) => event.success_rate))]).toEqual(['NO_DATA', null]);
    expect(events.map(({ type }) => type)).toHaveLength(5);
    expect((await server.call('GET', '/api/admin/monitor', { token: user.token })).status).toBe(403);
    expect((await server.call('GET', '/api/admin/monitor')).status).toBe(401);
  });

  it('tells once of a final event that nobody sees, and counts it as pending, not as failed', async () => {
    const { runId, threadId } = await submitScript(server, user, { answer: 'unseen' });
    await until(
      async () => {
        await evaluated();
        return webhook.calls.length > 0;
      },
      { message: 'the alert', timeoutMs: 10_000 },
    );
    expect(webhook.calls[0]).toMatchObject({
      kind: 'final_event_unseen',
      details: { run_id: runId, thread_id: threadId, reason: 'nobody_connected', within_s: 1 },
    });
    const { status, events } = await evaluated();
    const completed = events.find(({ type }) => type === 'agent_completed');
    expect(completed).toMatchObject({ delivered: 0, failed: 0, success_rate: null, status: 'NO_DATA' });
    expect(completed?.pending).toBeGreaterThan(0);
    expect(status).toBe('NO_DATA');
    expect(webhook.calls).toHaveLength(1);
    const metrics = metricsOf(await (await fetch(`${server.url}/metrics`)).text());
    expect(metrics.get('goldenpath_final_events_unseen_total{reason="nobody_connected"}')).toBe(1);
  });

  it('is healthy once somebody got what was emitted, also on resume', async () => {
    const client = await server.connect(user);
    const { runId } = await finishRun(client, script({ think: 'a thought' }, { answer: 'seen' }));
    await until(async () => (await deliveryOf(server, admin, runId)).data.length === 1, { message: 'the ledger' });
    await until(async () => (await evaluated()).status === 'HEALTHY', { message: 'the monitor to be healthy' });

    const { data } = z
      .object({ data: z.array(z.object({ thread_id: z.string() })) })
      .parse((await server.call('GET', `/api/admin/runs?user_id=${user.id}`, { token: admin })).json);
    for (const { thread_id: threadId } of data)
      await client.ask({ type: 'subscribe', threads: [{ thread_id: threadId, after_seq: 0 }] });
    const settled = async () => (await evaluated()).events.every(({ pending }) => pending === 0);
    await until(settled, { message: 'nothing to be pending', timeoutMs: 10_000 });
    const { events } = await evaluated();
    for (const { emitted, delivered } of events) expect(delivered).toBe(emitted);
    expect(webhook.calls).toHaveLength(1);
    client.close();
  });

  it('tells of it also where the process that stored it is gone, and once, however many look', async () => {
    const gateway = await TestServer.start({ ...settings, ROLE: 'api' });
    const others: TestServer[] = [];
    try {
      const worker = await gateway.sibling({ FINAL_EVENT_SEEN_WITHIN_S: '60' }, [ScriptedModule]);
      const { runId } = await submitScript(worker, await worker.register(), { answer: 'unseen' });
      await runEnd(worker.database, runId);
      await worker.stop();
      others.push(await gateway.sibling({ ...settings, ROLE: 'api' }));
      const told = () => webhook.calls.filter((call) => JSON.stringify(call).includes(runId)).length;
      const look = () => Promise.all([gateway, ...others].map((each) => each.get(GoldenPathMonitor).evaluate()));
      await until(async () => (await look()).length > 0 && told() > 0, { message: 'the alert', timeoutMs: 10_000 });
      await look();
      await look();
      expect(told()).toBe(1);
    } finally {
      for (const other of others) await other.stop();
      await gateway.stop();
    }
  }, 60_000);
});
