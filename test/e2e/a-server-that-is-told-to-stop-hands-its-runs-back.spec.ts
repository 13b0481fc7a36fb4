import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestDatabase, openDatabase, type OpenDatabase, type TestDatabase } from '../support/database.js';
import { accepted, finalEvent } from '../support/finished-run.js';
import { connectAt, gateAt, registerAt } from '../support/rest-user.js';
import { inShort, logFaults, storedEvents } from '../support/run-log.js';
import { script } from '../support/scripted-agent.js';
import { createSideEffects, sideEffects } from '../support/scripted-tools.js';
import { ServerProcess } from '../support/server-process.js';

const GRACE_MS = 6_000;

let store: TestDatabase;
let open: OpenDatabase;
const started: ServerProcess[] = [];

beforeAll(async () => {
  store = await createTestDatabase();
  open = await openDatabase(store.url);
  await createSideEffects(open.database);
});
afterAll(async () => {
  await Promise.all(started.map((server) => server.end('SIGKILL')));
  await open.close();
  await store.drop();
});

describe('a server that gets SIGTERM in the middle of a run', () => {
  it('tells its clients, hands the run back, exits with 0 in time; the next one goes on with the run', async () => {
    const environment = { ...ServerProcess.environment(store.url), SHUTDOWN_GRACE_MS: String(GRACE_MS) };
    const start = async () => {
      const server = await ServerProcess.start(environment, 'scripted-main.ts');
      started.push(server);
      return server;
    };
    const first = await start();
    const token = await registerAt(first.url, 'stopped@example.com');
    const client = await connectAt(first.url, token);
    const text = script({ tool: 'write_line', parameters: { line: 'once' } }, { gate: 'middle' }, { answer: 'whole' });
    const asked = await client.ask({ type: 'user_message', agent: 'scripted', text });
    const { thread_id: threadId, run_id: runId } = accepted.parse(asked);
    await gateAt(first.url, 'middle').reached();

    const toldAt = performance.now();
    const exit = first.end('SIGTERM');
    expect(await client.next('server_draining')).toMatchObject({ retry_after_ms: expect.any(Number) });
    expect(await client.end()).toMatchObject({ code: 1012 });
    expect(await exit).toBe(0);
    expect(performance.now() - toldAt).toBeLessThan(GRACE_MS);
    const state = await open.database.row('SELECT state, crashes, owner FROM run WHERE id = $1', [runId]);
    expect(state).toEqual({ state: 'pending', crashes: 0, owner: null });
    expect(client.frames.filter(({ type }) => type === 'error' || type === 'agent_error')).toEqual([]);

    const second = await start();
    const again = await connectAt(second.url, token, '?follow=none');
    await gateAt(second.url, 'middle').open();
    await again.ask({ type: 'subscribe', threads: [{ thread_id: threadId, after_seq: 0 }] });
    expect(await finalEvent(again, runId)).toMatchObject({ status: 'completed', response: 'whole' });
    expect(await logFaults(open.database, threadId)).toEqual([]);
    expect(inShort(await storedEvents(open.database, threadId))).toContain('run_resumed');
    expect(await sideEffects(open.database, runId)).toEqual(['once']);
    again.close();
    expect(await second.end('SIGTERM')).toBe(0);
  }, 60_000);
});
