import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { RunLeases } from '../../src/events/run-leases.js';
import { OwnedRuns } from '../../src/runs/owned-runs.js';
import { accepted, finalEvent } from '../support/finished-run.js';
import { metricsOf } from '../support/metrics.js';
import { logFaults } from '../support/run-log.js';
import { TestServer, type TestUser } from '../support/server.js';
import { until } from '../support/until.js';

const DAYS = 20;
const DAY_MS = 86_400_000;
const QUESTION = 'Analyze my AI costs';
const STEPS = ['triage', 'data', 'optimization', 'actions', 'report'];

const usage = (): string => {
  const start = Date.UTC(2026, 0, 1);
  const lines = Array.from({ length: DAYS * 10 }, (_, index) => {
    const time = new Date(start + (index % DAYS) * DAY_MS + index * 1_000).toISOString();
    return `row-${index},${time},openai,gpt-4o,${50_000 + index},${9_000 + index},support,chat`;
  });
  return ['id,timestamp,provider,model,input_tokens,output_tokens,team,feature', ...lines].join('\n');
};

const final = z.object({
  status: z.literal('completed'),
  response: z.string().min(50),
  report_id: z.string(),
  usage: z.record(z.string(), z.unknown()),
});

let server: TestServer;
let user: TestUser;
let run: z.infer<typeof accepted>;
let answer: z.infer<typeof final>;

beforeAll(async () => {
  server = await TestServer.start();
  user = await server.register();
  await fetch(`${server.url}/api/usage/imports`, {
    method: 'POST',
    headers: { 'content-type': 'text/csv', authorization: `Bearer ${user.token}` },
    body: usage(),
  });
  const client = await server.connect(user);
  run = accepted.parse(await client.ask({ type: 'user_message', text: QUESTION }));
  answer = final.parse(await finalEvent(client, run.run_id));
  client.close();
});
afterAll(() => server.stop());

describe('a run that completes', () => {
  it('keeps thread, question and answer', async () => {
    const { database } = server;
    const thread = await database.row('SELECT title, message_count FROM thread WHERE id = $1', [run.thread_id]);
    expect(thread).toEqual({ title: QUESTION, message_count: 2 });
    const messages = await database.rows(
      'SELECT role, text, status, report_id FROM message WHERE thread_id = $1 ORDER BY position',
      [run.thread_id],
    );
    expect(messages).toEqual([
      { role: 'user', text: QUESTION, status: null, report_id: null },
      { role: 'assistant', text: answer.response, status: 'completed', report_id: answer.report_id },
    ]);
  });

  it('keeps the result of each agent, each tool call, the report and the run', async () => {
    const { database } = server;
    const agents = await database.rows<{ agent: string; status: string }>(
      'SELECT agent, status FROM agent_result WHERE run_id = $1 ORDER BY agent',
      [run.run_id],
    );
    expect(agents).toEqual([...STEPS].sort().map((agent) => ({ agent, status: 'completed' })));
    const calls = await database.row<{ good: number; bad: number }>(
      'SELECT count(*) FILTER (WHERE success) AS good, count(*) FILTER (WHERE NOT success) AS bad FROM tool_call WHERE run_id = $1',
      [run.run_id],
    );
    expect(calls?.good).toBeGreaterThan(3);
    expect(calls?.bad).toBe(0);
    const report = await database.row('SELECT id, markdown FROM report WHERE run_id = $1', [run.run_id]);
    expect(report).toEqual({ id: answer.report_id, markdown: answer.response });
    const row = await database.row(
      'SELECT state, error, usage, owner, lease_until, finished_at IS NOT NULL AS finished FROM run WHERE id = $1',
      [run.run_id],
    );
    const state = { state: 'completed', error: null, owner: null, lease_until: null, finished: true };
    expect(row).toEqual({ ...state, usage: JSON.stringify(answer.usage) });
    expect(await logFaults(database, run.thread_id)).toEqual([]);
  });

  it('is shown by REST as the socket told it', async () => {
    const { token } = user;
    expect((await server.call('GET', `/api/runs/${run.run_id}`, { token })).json).toMatchObject({
      status: 'completed',
      steps: STEPS.map((agent) => ({ agent, status: 'completed' })),
      error: null,
    });
    const report = await server.call('GET', `/api/reports/${answer.report_id}`, { token });
    expect(report.json).toMatchObject({ markdown: answer.response });
  });

  it('is counted as a success, and as nothing else', async () => {
    const metrics = metricsOf(await (await fetch(`${server.url}/metrics`)).text());
    expect(metrics.get('goldenpath_runs_finished_total{state="completed"}')).toBe(1);
    expect(metrics.get('goldenpath_runs_finished_total{state="failed"}') ?? 0).toBe(0);
    expect(await server.database.rows('SELECT id FROM error_report')).toEqual([]);
  });

  it('leaves nothing at work: no lease, no lock, no open transaction', async () => {
    expect([server.get(OwnedRuns).size, server.get(RunLeases).size]).toEqual([0, 0]);
    const idle = async (): Promise<boolean> => {
      const row = await server.database.row<{ open: number }>(
        `SELECT count(*) AS open FROM pg_stat_activity
         WHERE datname = current_database() AND application_name = 'goldenpath' AND xact_start IS NOT NULL AND pid <> pg_backend_pid()`,
      );
      return row?.open === 0;
    };
    await until(idle, { message: 'the end of all transactions' });
  });
});
