import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { MetricsListener } from '../../src/monitor/metrics-listener.js';
import { finishRun } from '../support/finished-run.js';
import { TestServer, PASSWORD } from '../support/server.js';
import { metricsOf } from '../support/metrics.js';

const ADMIN = { ADMIN_EMAIL: 'admin@example.com', ADMIN_PASSWORD: PASSWORD };
/** What a proxy on this machine says of whom it asks for. */
const FORWARDED = { 'x-forwarded-for': '203.0.113.9' };

describe('/metrics on the main port', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await TestServer.start(ADMIN);
  });
  afterAll(() => server.stop());

  it('counts what a run did, from the log to the answer', async () => {
    const client = await server.connect(await server.register());
    const { texts } = await finishRun(client);
    const metrics = metricsOf(await (await fetch(`${server.url}/metrics`)).text());
    const events = texts.map((text) => JSON.parse(text) as { type: string });
    const count = (type: string): number => events.filter((event) => event.type === type).length;
    for (const type of ['agent_started', 'agent_thinking', 'tool_executing', 'tool_completed', 'agent_completed']) {
      expect(metrics.get(`goldenpath_events_appended_total{type="${type}"}`)).toBe(count(type));
    }
    expect(metrics.get('goldenpath_connections{state="ready"}')).toBe(1);
    expect(metrics.get('goldenpath_handshakes_total{result="succeeded"}')).toBe(1);
    expect(metrics.get('goldenpath_runs_finished_total{state="completed"}')).toBe(1);
    expect(metrics.get('goldenpath_run_duration_seconds_count{state="completed"}')).toBe(1);
    expect(metrics.get('goldenpath_runs_unfinished{state="running"}')).toBe(0);
    expect(metrics.get('goldenpath_event_log_flush_seconds_count')).toBeGreaterThan(0);
    expect(metrics.get('goldenpath_event_log_flush_events_sum')).toBeGreaterThan(10);
    expect(metrics.get('goldenpath_buffered_bytes')).toBe(0);
    expect(metrics.get('process_resident_memory_bytes')).toBeGreaterThan(0);
    client.close();
  });

  it('is for this machine and for platform admins', async () => {
    const scrape = (headers: Record<string, string>) => fetch(`${server.url}/metrics`, { headers });
    const { token } = await server.register();
    const signedIn = await server.call('POST', '/api/auth/login', {
      body: { email: ADMIN.ADMIN_EMAIL, password: PASSWORD },
    });
    const { access_token: admin } = signedIn.json as { access_token: string };
    expect((await scrape({})).status).toBe(200);
    expect((await scrape(FORWARDED)).status).toBe(401);
    expect((await scrape({ ...FORWARDED, authorization: `Bearer ${token}` })).status).toBe(403);
    expect((await scrape({ ...FORWARDED, authorization: `Bearer ${admin}` })).status).toBe(200);
  });
});

describe('/metrics on METRICS_PORT', () => {
  let server: TestServer;
  afterEach(() => server.stop());

  it('is there and nowhere else', async () => {
    server = await TestServer.start({ METRICS_PORT: '0' });
    const { port } = server.get(MetricsListener);
    const answer = await fetch(`http://127.0.0.1:${port ?? 0}/metrics`);
    expect(answer.headers.get('content-type')).toContain('text/plain');
    expect(metricsOf(await answer.text()).has('goldenpath_handshakes_total{result="failed"}')).toBe(true);
    expect((await fetch(`http://127.0.0.1:${port ?? 0}/api/admin/users`)).status).toBe(404);
    expect((await server.call('GET', '/metrics')).status).toBe(404);
  });
});
