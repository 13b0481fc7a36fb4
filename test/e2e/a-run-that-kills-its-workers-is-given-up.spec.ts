import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { createTestDatabase, openDatabase, type OpenDatabase, type TestDatabase } from '../support/database.js';
import { accepted, finalEvent } from '../support/finished-run.js';
import { connectAt, registerAt } from '../support/rest-user.js';
import { inShort, logFaults, storedEvents } from '../support/run-log.js';
import { script } from '../support/scripted-agent.js';
import { ServerProcess } from '../support/server-process.js';

const SCRIPTED = 'scripted-main.ts';
const CRASHES = 5;

let store: TestDatabase;
let open: OpenDatabase;
let environment: Record<string, string>;
const started: ServerProcess[] = [];

beforeAll(async () => {
  store = await createTestDatabase();
  open = await openDatabase(store.url);
  environment = { ...ServerProcess.environment(store.url), LOG_LEVEL: 'error' };
});
afterAll(async () => {
  await Promise.all(started.map((server) => server.end('SIGKILL')));
  await open.close();
  await store.drop();
});

async function start(role: 'api' | 'worker'): Promise<ServerProcess> {
  const server = await ServerProcess.start({ ...environment, ROLE: role }, SCRIPTED);
  started.push(server);
  return server;
}

/** The run may kill a worker before that has said that it is ready; how many of them it killed is counted in its log. */
async function workerThatDies(): Promise<void> {
  const worker = await start('worker').catch(() => undefined);
  await worker?.exit();
}

const dead = z.object({ error: z.object({ code: z.literal('run_dead'), error_id: z.string() }) });

describe('a run that kills its worker again and again', () => {
  it('is dead after the fifth: the client gets a final event that says why, an admin the report, the next worker lives', async () => {
    const gateway = await start('api');
    const client = await connectAt(gateway.url, await registerAt(gateway.url, 'poison@example.com'));
    const text = script({ think: 'before' }, { tool: 'kill_server' });
    const asked = await client.ask({ type: 'user_message', agent: 'scripted', text });
    const { run_id: runId, thread_id: threadId } = accepted.parse(asked);
    for (let crash = 1; crash <= CRASHES; crash += 1) await workerThatDies();

    const survivor = await start('worker');
    const final = await finalEvent(client, runId);
    expect(final).toMatchObject({ status: 'dead', response: expect.stringContaining(`${CRASHES} times`) });
    const { error } = dead.parse(final);
    expect(await open.database.rows('SELECT code, run_id FROM error_report WHERE id = $1', [error.error_id])).toEqual([
      { code: 'run_dead', run_id: runId },
    ]);
    expect(await logFaults(open.database, threadId)).toEqual([]);
    const short = inShort(await storedEvents(open.database, threadId));
    expect(short.filter((line) => line === 'tool_executing kill_server')).toHaveLength(CRASHES);

    const next = accepted.parse(
      await client.ask({ type: 'user_message', agent: 'scripted', text: script({ think: 'fine' }) }),
    );
    expect(await finalEvent(client, next.run_id)).toMatchObject({ status: 'completed' });
    client.close();
    expect(await survivor.end('SIGTERM')).toBe(0);
  }, 360_000);
});
