import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { CommittedSnapshot } from '../../src/events/committed-snapshot.js';
import { ThreadPositions, type ActiveThread } from '../../src/events/thread-positions.js';
import { createTestDatabase, openDatabase, type OpenDatabase, type TestDatabase } from '../support/database.js';
import { makeClockSettable, setDatabaseClock } from '../support/database-clock.js';
import { runEnd } from '../support/run-log.js';
import { ScriptedModule } from '../support/scripted.module.js';
import { TestServer, type TestUser } from '../support/server.js';
import { submitScript } from '../support/submit.js';

const HOURS_S = 3 * 3_600;

let store: TestDatabase;
let open: OpenDatabase;
let server: TestServer;
let user: TestUser;
let positions: ThreadPositions;

beforeAll(async () => {
  store = await createTestDatabase();
  open = await openDatabase(store.url);
  await makeClockSettable(open.database);
  server = await TestServer.start({ DATABASE_URL: store.url }, [ScriptedModule]);
  user = await server.register();
  positions = server.get(ThreadPositions);
});
afterEach(() => setDatabaseClock(open.database, 0));
afterAll(async () => {
  await server.stop();
  await open.close();
  await store.drop();
});

async function endedThread(): Promise<string> {
  const { runId, threadId } = await submitScript(server, user, { think: 'hm' });
  await runEnd(open.database, runId);
  return threadId;
}

const firstSince = (threadId: string, since: Awaited<ReturnType<ThreadPositions['committed']>>) =>
  positions.firstSince({ userId: user.id, tenantId: user.tenantId }, threadId, since);

describe('the first event since a moment', () => {
  it('is the first of those that came after it', async () => {
    const before = await positions.committed();
    const threadId = await endedThread();
    expect(await firstSince(threadId, before)).toBe(1);
    expect(await firstSince(threadId, await positions.committed())).toBeUndefined();
  });

  it('is found when the clock of the database was set back after the moment', async () => {
    const before = await positions.committed();
    const threadId = await endedThread();
    await open.database.execute(
      'UPDATE run_event SET created_at = created_at - make_interval(secs => $2) WHERE thread_id = $1',
      [threadId, HOURS_S],
    );
    expect(await firstSince(threadId, before)).toBe(1);
  });

  it('is none from before the moment when the clock of the database was set back in between', async () => {
    const threadId = await endedThread();
    await setDatabaseClock(open.database, -HOURS_S);
    expect(await firstSince(threadId, await positions.committed())).toBeUndefined();
  });

  it('is one whose transaction was open at the moment', async () => {
    const threadId = await endedThread();
    const { seq, before } = await open.database.transaction(async (transaction) => {
      const row = await transaction.row<{ seq: number }>(
        `INSERT INTO run_event (thread_id, seq, run_id, epoch, event_id, type, payload)
         SELECT thread_id, seq + 1, run_id, epoch, gen_random_uuid(), type, payload FROM run_event
         WHERE thread_id = $1 ORDER BY seq DESC LIMIT 1 RETURNING seq`,
        [threadId],
      );
      return { seq: row?.seq, before: await positions.committed() };
    });
    expect(await firstSince(threadId, before)).toBe(seq);
  });
});

describe('threads that are active', () => {
  const threads = async (): Promise<readonly ActiveThread[]> =>
    (await positions.activeThreads([user.id])).get(user.id) ?? [];
  const active = async (): Promise<readonly string[]> => (await threads()).map(({ threadId }) => threadId);

  it('tell who wrote of them last: somebody from after what was committed before, not from after what is committed now', async () => {
    const before = new CommittedSnapshot(await positions.committed());
    const threadId = await endedThread();
    const now = new CommittedSnapshot(await positions.committed());
    const { writtenBy = 0n } = (await threads()).find((thread) => thread.threadId === threadId) ?? {};
    expect([before.includes(writtenBy), now.includes(writtenBy)]).toEqual([false, true]);
  });

  it.each([
    ['ahead of', HOURS_S],
    ['behind', -HOURS_S],
  ])(
    'are so for a minute after their run, with the clock of the database %s that of the server',
    async (_, wrongByS) => {
      await setDatabaseClock(open.database, wrongByS);
      const threadId = await endedThread();
      expect(await active()).toContain(threadId);
      await setDatabaseClock(open.database, wrongByS + 90);
      expect(await active()).not.toContain(threadId);
    },
  );
});
