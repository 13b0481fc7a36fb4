import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { RunQueue } from '../../src/runs/run-queue.js';
import { createTestDatabase, openDatabase, type OpenDatabase, type TestDatabase } from '../support/database.js';
import { makeClockSettable, setDatabaseClock } from '../support/database-clock.js';
import { Gates } from '../support/gates.js';
import { logFaults, runEnd, storedEvents } from '../support/run-log.js';
import { ScriptedModule } from '../support/scripted.module.js';
import { createSideEffects, sideEffects } from '../support/scripted-tools.js';
import { TestServer, type TestUser } from '../support/server.js';
import { submitScript } from '../support/submit.js';
import { until } from '../support/until.js';

const HOURS_S = 3 * 3_600;

let store: TestDatabase;
let open: OpenDatabase;
let server: TestServer;
let user: TestUser;

beforeAll(async () => {
  store = await createTestDatabase();
  open = await openDatabase(store.url);
  await makeClockSettable(open.database);
  server = await TestServer.start({ DATABASE_URL: store.url }, [ScriptedModule]);
  await createSideEffects(open.database);
  user = await server.register();
});
afterEach(async () => {
  jest.restoreAllMocks();
  await setDatabaseClock(open.database, 0);
});
afterAll(async () => {
  await server.stop();
  await open.close();
  await store.drop();
});

const line = (text: string, gate?: string) => ({
  tool: 'write_line',
  parameters: { line: text, ...(gate === undefined ? {} : { gate }) },
});

async function standing(gate: string) {
  const run = await submitScript(server, user, line('a'), line('b', gate), line('c'));
  await server.get(Gates).reached(gate);
  return run;
}

const resumptions = async (threadId: string): Promise<number> =>
  (await storedEvents(open.database, threadId)).filter(({ type }) => type === 'run_resumed').length;

describe('a database whose clock jumps', () => {
  it('back: a run whose worker is lost is taken over when its lease would have run out, not hours later', async () => {
    const { runId, threadId } = await standing('lost');
    await open.database.execute(
      `UPDATE run SET epoch = epoch + 1, owner = 'lost', lease_until = now() + interval '3 seconds' WHERE id = $1`,
      [runId],
    );
    await setDatabaseClock(open.database, -HOURS_S);
    await until(() => resumptions(threadId), { timeoutMs: 15_000, message: 'the next attempt' });
    server.get(Gates).open('lost');
    expect(await runEnd(open.database, runId)).toBe('completed');
    expect(await sideEffects(open.database, runId)).toEqual(['a', 'b', 'c']);
    expect(await logFaults(open.database, threadId)).toEqual([]);
  });

  it('back while a run is accepted: the run is found although its job was lost', async () => {
    jest.spyOn(server.get(RunQueue), 'add').mockResolvedValueOnce(undefined);
    const { runId } = await submitScript(server, user, { think: 'hm' });
    await setDatabaseClock(open.database, -HOURS_S);
    expect(await runEnd(open.database, runId)).toBe('completed');
  });

  it('ahead and back: a run that is at work all the time is fenced off, and nothing is done twice', async () => {
    const { runId, threadId } = await standing('live');
    await setDatabaseClock(open.database, HOURS_S);
    await until(() => resumptions(threadId), { timeoutMs: 15_000, message: 'the next attempt' });
    await setDatabaseClock(open.database, -HOURS_S);
    server.get(Gates).open('live');
    expect(await runEnd(open.database, runId)).toBe('completed');
    expect(await sideEffects(open.database, runId)).toEqual(['a', 'b', 'c']);
    expect(await logFaults(open.database, threadId)).toEqual([]);
  });
});
