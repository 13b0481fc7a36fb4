import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestDatabase, openDatabase, type OpenDatabase, type TestDatabase } from '../support/database.js';
import { accepted, finalEvent } from '../support/finished-run.js';
import { connectAt, registerAt } from '../support/rest-user.js';
import { logFaults } from '../support/run-log.js';
import { script } from '../support/scripted-agent.js';
import { createSideEffects, sleepingSessions } from '../support/scripted-tools.js';
import { ServerProcess } from '../support/server-process.js';
import type { SocketClient } from '../support/socket.js';
import { until } from '../support/until.js';

const WITHIN_MS = 1_000;

let store: TestDatabase;
let open: OpenDatabase;
let model: Server;
/** Requests to the model that nobody answers. */
const asked: IncomingMessage[] = [];
let gateway: ServerProcess;
/** Also when the second one does not start: what is left behind keeps the whole test run from ending. */
const started: ServerProcess[] = [];
let token: string;

beforeAll(async () => {
  store = await createTestDatabase();
  open = await openDatabase(store.url);
  await createSideEffects(open.database);
  model = createServer((request) => void asked.push(request)).listen(0, '127.0.0.1');
  await once(model, 'listening');
  const address = model.address();
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
  const environment = {
    ...ServerProcess.environment(store.url),
    LLM_PROVIDER: 'openai-compatible',
    LLM_BASE_URL: `http://127.0.0.1:${port}/v1`,
    LLM_MODEL: 'gpt-4o',
  };
  const start = async (role: string): Promise<ServerProcess> => {
    const server = await ServerProcess.start({ ...environment, ROLE: role }, 'scripted-main.ts');
    started.push(server);
    return server;
  };
  [gateway] = await Promise.all([start('api'), start('worker')]);
  token = await registerAt(gateway.url, 'canceller@example.com');
}, 120_000);
afterAll(async () => {
  await Promise.all(started.map((server) => server.end('SIGKILL')));
  model.closeAllConnections();
  model.close();
  await open.close();
  await store.drop();
});

async function begin(client: SocketClient, ...steps: Parameters<typeof script>) {
  const asking = client.ask({ type: 'user_message', agent: 'scripted', text: script(...steps) });
  const { thread_id: threadId, run_id: runId } = accepted.parse(await asking);
  return { threadId, runId };
}

const sessions = (wanted: number) => async () => (await sleepingSessions(open.database)) === wanted;

describe('cancel_run, sent to a gateway while a worker in another process executes', () => {
  it('ends SQL, tools and agents at any depth, and the final event tells what was stopped', async () => {
    const client = await connectAt(gateway.url, token);
    const sleep = { tool: 'sleep_in_sql', parameters: { seconds: 60 } };
    const inner = { delegate: [{ delegate: [{ together: [sleep, sleep] }] }] };
    const { threadId, runId } = await begin(client, { think: 'down we go' }, inner);
    await until(sessions(2), { message: 'two sessions at work' });

    const cancelledMs = performance.now();
    expect(await client.ask({ type: 'cancel_run', run_id: runId })).toMatchObject({ type: 'run_cancelling' });
    const final = await finalEvent(client, runId);
    await until(sessions(0), { message: 'the end of the statements', timeoutMs: WITHIN_MS });
    expect(performance.now() - cancelledMs).toBeLessThan(WITHIN_MS);
    const below = ['', '/scripted', '/scripted/scripted', '/scripted/scripted/scripted'];
    expect(final).toMatchObject({
      status: 'cancelled',
      response: expect.stringMatching(/cancelled/),
      stopped: { tools: ['sleep_in_sql', 'sleep_in_sql'], agents: below.map((path) => `supervisor${path}`) },
    });
    expect(await logFaults(open.database, threadId)).toEqual([]);
    client.close();
  });

  it('ends a call of the model', async () => {
    const client = await connectAt(gateway.url, token);
    const { runId } = await begin(client, { delegate: [{ converse: [] }] });
    const request = await until(() => asked[0], { message: 'the call of the model' });
    expect(request.socket.destroyed).toBe(false);

    const cancelledMs = performance.now();
    client.send({ type: 'cancel_run', run_id: runId });
    expect(await finalEvent(client, runId)).toMatchObject({ status: 'cancelled', stopped: { tools: [] } });
    await until(() => request.socket.destroyed, { message: 'the end of the call', timeoutMs: WITHIN_MS });
    expect(performance.now() - cancelledMs).toBeLessThan(WITHIN_MS);
    expect(asked).toHaveLength(1);
    client.close();
  });

  it('starts nothing after it: a run that waits ends at once, without an attempt', async () => {
    const client = await connectAt(gateway.url, token);
    const first = await begin(client, { tool: 'sleep_in_sql', parameters: { seconds: 60 } });
    await until(sessions(1), { message: 'a session at work' });
    const text = script({ tool: 'write_line', parameters: { line: 'never' } });
    const second = accepted.parse(
      await client.ask({ type: 'user_message', agent: 'scripted', thread_id: first.threadId, text }),
    );
    client.send({ type: 'cancel_run', run_id: second.run_id });
    expect(await finalEvent(client, second.run_id)).toMatchObject({ stopped: { tools: [], agents: [] } });
    client.send({ type: 'cancel_run', run_id: first.runId });
    expect(await finalEvent(client, first.runId)).toMatchObject({ stopped: { tools: ['sleep_in_sql'] } });
    const row = await open.database.row('SELECT state, attempt FROM run WHERE id = $1', [second.run_id]);
    expect(row).toEqual({ state: 'cancelled', attempt: 0 });
    client.close();
  });
});

it('goes on when its client only goes away', async () => {
  const gone = await connectAt(gateway.url, token);
  const { threadId, runId } = await begin(gone, { tool: 'sleep_in_sql', parameters: { seconds: 2 } });
  await until(sessions(1), { message: 'a session at work' });
  gone.terminate();

  const other = await connectAt(gateway.url, token, '?follow=none');
  await other.ask({ type: 'subscribe', threads: [{ thread_id: threadId, after_seq: 0 }] });
  expect(await finalEvent(other, runId)).toMatchObject({ status: 'completed' });
  const row = await open.database.row<{ result: string }>('SELECT result FROM tool_call WHERE run_id = $1', [runId]);
  expect(JSON.parse(row?.result ?? 'null')).toEqual({ slept: 2 });
  other.close();
});
