import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { isJsonObject, type JsonObject } from '../../src/context/json.js';
import { RunLeases } from '../../src/events/run-leases.js';
import { ErrorReports } from '../../src/runs/error-reports.js';
import { OwnedRuns } from '../../src/runs/owned-runs.js';
import { accepted, finalEvent } from '../support/finished-run.js';
import { metricsOf } from '../support/metrics.js';
import { logFaults } from '../support/run-log.js';
import { script, type Step } from '../support/scripted-agent.js';
import { ScriptedModule } from '../support/scripted.module.js';
import { createSideEffects } from '../support/scripted-tools.js';
import { TestServer, type TestUser } from '../support/server.js';
import { until } from '../support/until.js';

const SECRET = 'what the user wrote';

let server: TestServer;
let user: TestUser;
let webhook: Server;
const alerts: JsonObject[] = [];

beforeAll(async () => {
  webhook = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk) => (text += String(chunk)));
    request.on('end', () => {
      const body: unknown = JSON.parse(text);
      if (isJsonObject(body)) alerts.push(body);
      response.end();
    });
  }).listen(0, '127.0.0.1');
  await once(webhook, 'listening');
  const address = webhook.address();
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
  const environment = { RUN_TIMEOUT_MS: '1500', ALERT_WEBHOOK_URL: `http://127.0.0.1:${port}/` };
  server = await TestServer.start(environment, [ScriptedModule]);
  await createSideEffects(server.database);
  user = await server.register();
});
afterAll(async () => {
  await server.stop();
  webhook.closeAllConnections();
  webhook.close();
});

const failure = z.object({
  run_id: z.string(),
  response: z.string(),
  status: z.string(),
  error: z.object({ code: z.string(), message: z.string(), error_id: z.string() }),
  result: z.object({ partial: z.literal(true), finished: z.array(z.string()) }),
});

/** Plays a script whose inner agent finishes before the outer one ends badly; answers what the user sees. */
async function play(...last: Step[]) {
  const client = await server.connect(user);
  const inner: Step = {
    delegate: [{ tool: 'write_line', parameters: { line: 'kept' } }, { answer: 'Half of it: $21.' }],
  };
  const text = script({ think: SECRET }, inner, ...last);
  const { thread_id: threadId, run_id: runId } = accepted.parse(
    await client.ask({ type: 'user_message', agent: 'scripted', text }),
  );
  const final = failure.parse(await finalEvent(client, runId));
  client.close();
  return { threadId, runId, final };
}

const counted = async (sample: string): Promise<number> => {
  const response = await fetch(`${server.url}/metrics`);
  return metricsOf(await response.text()).get(sample) ?? 0;
};

interface Expected {
  readonly status: 'failed' | 'timeout';
  readonly code: string;
  readonly play: () => ReturnType<typeof play>;
}

const EXITS: readonly Expected[] = [
  { status: 'failed', code: 'tool_failed', play: () => play({ fail: SECRET }) },
  { status: 'timeout', code: 'run_timeout', play: () => play({ hang: true }) },
];

describe.each(EXITS)('a run that ends as $status', ({ status, code, play: playIt }) => {
  let ended: Awaited<ReturnType<typeof play>>;
  beforeAll(async () => {
    ended = await playIt();
  });

  it('tells the user so, with code and id, and sends what was finished, marked as a part', () => {
    const { final } = ended;
    expect(final).toMatchObject({ status, error: { code }, result: { partial: true, finished: ['scripted'] } });
    expect(final.response).toContain('Partial results, not a whole answer:\n\n- scripted: Half of it: $21.');
    expect(final.response).toContain(`Error id: ${final.error.error_id}.`);
  });

  it('keeps message, steps, tool calls and run', async () => {
    const { threadId, runId, final } = ended;
    const { database } = server;
    expect(await database.row('SELECT state, error FROM run WHERE id = $1', [runId])).toEqual({
      state: status,
      error: JSON.stringify(final.error),
    });
    expect(
      await database.rows('SELECT role, status, text FROM message WHERE run_id = $1 AND role = $2', [
        runId,
        'assistant',
      ]),
    ).toEqual([{ role: 'assistant', status, text: final.response }]);
    expect(
      await database.rows('SELECT path, status FROM agent_result WHERE run_id = $1 ORDER BY path', [runId]),
    ).toEqual([
      { path: 'supervisor/scripted', status },
      { path: 'supervisor/scripted/scripted', status: 'completed' },
    ]);
    expect(await database.rows('SELECT tool, success FROM tool_call WHERE run_id = $1', [runId])).toEqual([
      { tool: 'write_line', success: true },
    ]);
    expect(await logFaults(database, threadId)).toEqual([]);
  });

  it('leaves a report without what the user wrote, which its id finds', async () => {
    const report = await server.get(ErrorReports).find(ended.final.error.error_id);
    expect(report).toEqual({
      error_id: ended.final.error.error_id,
      tenant_id: user.tenantId,
      user_id: user.id,
      run_id: ended.runId,
      code,
      step: 'supervisor',
      stack: expect.stringMatching(/^\w+\n\s+at /),
      versions: { goldenpath: expect.any(String), node: process.version, pipeline: expect.any(String) },
      created_at: expect.any(String),
    });
    expect(JSON.stringify(await server.database.rows('SELECT stack, step, code FROM error_report'))).not.toContain(
      SECRET,
    );
    expect(await server.get(ErrorReports).find('no id')).toBeUndefined();
  });

  it('is counted, and raises one alert', async () => {
    expect(await counted(`goldenpath_runs_finished_total{state="${status}"}`)).toBe(1);
    expect(await counted(`goldenpath_run_errors_total{code="${code}"}`)).toBeGreaterThanOrEqual(1);
    const ofRun = () => alerts.filter(({ details }) => isJsonObject(details) && details.run_id === ended.runId);
    await until(() => ofRun().length > 0, { message: 'the alert' });
    expect(ofRun()).toMatchObject([
      { kind: 'run_error', details: { error_id: ended.final.error.error_id, code, step: 'supervisor' } },
    ]);
    expect(JSON.stringify(alerts)).not.toContain(SECRET);
  });

  it('frees what it held, and the thread takes the next message', async () => {
    expect([server.get(OwnedRuns).size, server.get(RunLeases).size]).toEqual([0, 0]);
    const client = await server.connect(user);
    const text = script({ answer: 'on it goes' });
    const next = accepted.parse(
      await client.ask({ type: 'user_message', agent: 'scripted', thread_id: ended.threadId, text }),
    );
    expect(await finalEvent(client, next.run_id)).toMatchObject({ status: 'completed', response: 'on it goes' });
    client.close();
  });
});
