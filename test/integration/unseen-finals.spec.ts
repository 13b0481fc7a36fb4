import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { UnseenFinals } from '../../src/monitor/unseen-finals.js';
import type { Database } from '../../src/persistence/database.js';
import type { Sql } from '../../src/persistence/sql.js';
import { Cancellation } from '../../src/runs/cancellation.js';
import { Ids } from '../../src/telemetry/ids.js';
import { TestServer, type TestUser } from '../support/server.js';
import { submit } from '../support/submit.js';

const WITHIN_S = 60;

let server: TestServer;
let user: TestUser;

beforeAll(async () => {
  // Nobody works on runs, and its own monitor waits for longer.
  server = await TestServer.start({ ROLE: 'api', FINAL_EVENT_SEEN_WITHIN_S: '86400' });
  user = await server.register();
});
afterAll(() => server.stop());
beforeEach(async () => {
  await server.database.execute(`UPDATE run SET finished_at = now() - interval '1 day'`);
  await mark('-1 hour');
});

/** What was looked at until now, from now on counted. */
const mark = (offset: string): Promise<number> =>
  server.database.execute('UPDATE installation SET finals_watched_until = now() + $1::interval', [offset]);

const lagS = async (): Promise<number | undefined> =>
  (
    await server.database.row<{ lag: number }>(
      'SELECT round(extract(epoch FROM now() - finals_watched_until))::int AS lag FROM installation',
    )
  )?.lag;

/** A run that ended so long ago. */
async function ended(ago = '10 minutes'): Promise<{ runId: string; threadId: string; finalSeq: number }> {
  const { runId, threadId } = await submit(server, user, {});
  await server.get(Cancellation).request({ userId: user.id, tenantId: user.tenantId }, runId, 'test');
  await server.database.execute('UPDATE run SET finished_at = now() - $2::interval WHERE id = $1', [runId, ago]);
  const final = await server.database.row<{ seq: number }>(
    'SELECT max(seq) AS seq FROM run_event WHERE thread_id = $1 AND run_id = $2',
    [threadId, runId],
  );
  return { runId, threadId, finalSeq: final?.seq ?? 0 };
}

/** What the ledger has of a run on a connection. */
const delivered = (
  run: { runId: string; threadId: string },
  fields: { sent?: number; acked?: number; failed?: number },
) =>
  server.database.execute(
    `INSERT INTO run_delivery (run_id, connection_id, tenant_id, user_id, thread_id, door, first_seq, sent_seq, acked_seq, failed_seq, created_at)
     VALUES ($1, $2, $3, $4, $5, 'socket', 1, $6, $7, $8, now())`,
    [
      ...[run.runId, server.get(Ids).next(), user.tenantId, user.id, run.threadId],
      ...[fields.sent ?? null, fields.acked ?? null, fields.failed ?? null],
    ],
  );

const take = () => server.get(UnseenFinals).take(WITHIN_S);

describe('final events that nobody was shown in time', () => {
  it('are found once, however many look at the same time, and only they', async () => {
    const [unseen, sent, acked, failed, late] = [
      await ended(),
      await ended(),
      await ended(),
      await ended(),
      await ended('30 seconds'),
    ];
    await delivered(unseen, { sent: unseen.finalSeq - 1 });
    await delivered(sent, { sent: sent.finalSeq });
    await delivered(acked, { acked: acked.finalSeq });
    await delivered(failed, { sent: 1, failed: failed.finalSeq });
    const found = (await Promise.all([take(), take(), take(), take()])).flat();
    expect(found.sort((left, right) => (left.run_id < right.run_id ? -1 : 1))).toEqual([
      { run_id: unseen.runId, thread_id: unseen.threadId, seq: unseen.finalSeq, is_held_back: false },
      { run_id: failed.runId, thread_id: failed.threadId, seq: failed.finalSeq, is_held_back: true },
    ]);
    expect(await take()).toEqual([]);
    await server.database.execute(`UPDATE run SET finished_at = now() - interval '62 seconds' WHERE id = $1`, [
      late.runId,
    ]);
    expect((await take()).map(({ run_id: runId }) => runId)).toEqual([late.runId]);
  });

  it('are looked for again after a look that failed', async () => {
    const { runId } = await ended();
    const failing = server.database.transaction(async (sql) => {
      const within = { transaction: (work: (within: Sql) => unknown) => work(sql) };
      // All that it asks of it.
      const finals = new UnseenFinals(within as unknown as Database);
      expect(await finals.take(WITHIN_S)).toHaveLength(1);
      throw new Error('lost');
    });
    await expect(failing).rejects.toThrow('lost');
    expect((await take()).map((found) => found.run_id)).toEqual([runId]);
  });

  it('are looked for from now on when the clock of the database was set back', async () => {
    await mark('1 hour');
    expect(await take()).toEqual([]);
    expect(await lagS()).toBe(WITHIN_S + 2);
  });

  it('are not looked at again by a process that waits for longer than another', async () => {
    await ended();
    expect(await take()).toHaveLength(1);
    expect(await server.get(UnseenFinals).take(3_600)).toEqual([]);
    expect(await lagS()).toBeLessThan(2 * WITHIN_S);
    expect(await take()).toEqual([]);
  });
});
