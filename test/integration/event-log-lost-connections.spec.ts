import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { createTestDatabase, openDatabase, type OpenDatabase, type TestDatabase } from '../support/database.js';
import { append, liveRun, newEventLog, storedRows } from '../support/event-log.js';
import { TcpProxy } from '../support/tcp-proxy.js';
import { until } from '../support/until.js';

let store: TestDatabase;
let open: OpenDatabase;

beforeAll(async () => {
  store = await createTestDatabase();
  open = await openDatabase(store.url);
});
afterAll(async () => {
  await open.close();
  await store.drop();
});

describe('a connection that is lost while events are appended', () => {
  it('costs none of them and doubles none, again and again', async () => {
    const log = newEventLog(open.database);
    const threads = await Promise.all(Array.from({ length: 5 }, () => liveRun(open.database)));
    const killer = new pg.Client({ connectionString: store.url });
    await killer.connect();
    let finished = false;
    const writing = Promise.all(
      threads.map(async (run) => {
        for (let place = 1; place <= 150; place += 1) await log.append(append(run, `{"place":${place}}`));
      }),
    ).finally(() => (finished = true));
    let killed = 0;
    await until(
      async () => {
        const { rowCount } = await killer.query(
          `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
           WHERE datname = current_database() AND pid <> pg_backend_pid() AND query LIKE '%run_event%'`,
        );
        killed += rowCount ?? 0;
        return finished;
      },
      { timeoutMs: 60_000, message: 'the end of the writers' },
    );
    await writing;
    await killer.end();
    expect(killed).toBeGreaterThan(3);
    // Over connections that nobody has cut.
    const reader = await openDatabase(store.url);
    for (const { threadId } of threads) {
      const rows = await storedRows(reader.database, threadId);
      expect(rows.map(({ seq, payload }) => [seq, payload])).toEqual(
        Array.from({ length: 150 }, (_, index) => [index + 1, `{"place":${index + 1}}`]),
      );
    }
    await reader.close();
  }, 90_000);

  it('doubles nothing even when the server has not noticed and still carries the first try out', async () => {
    const observer = await openDatabase(store.url);
    const target = new URL(store.url);
    const proxy = new TcpProxy({ host: target.hostname, port: Number(target.port) });
    const viaProxy = new URL(store.url);
    viaProxy.hostname = '127.0.0.1';
    viaProxy.port = String(await proxy.open());
    const behindProxy = await openDatabase(viaProxy.href);
    const run = await liveRun(observer.database);
    const blocker = new pg.Client({ connectionString: store.url });
    await blocker.connect();
    await blocker.query('BEGIN');
    await blocker.query('SELECT 1 FROM run WHERE id = $1 FOR UPDATE', [run.runId]);
    const waiting = async (count: number) => {
      const row = await observer.database.row<{ count: number }>(
        `SELECT count(*)::int AS count FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
      );
      return row?.count === count;
    };

    try {
      const log = newEventLog(behindProxy.database);
      const first = log.append(append(run, '{"n":1}'));
      await until(() => waiting(1), { message: 'the append to wait for the run' });
      await proxy.close();
      await proxy.open();
      await until(() => waiting(2), { message: 'the second try to wait behind the first' });
      await blocker.query('COMMIT');
      expect(await first).toBe(1);
      expect(await log.append(append(run, '{"n":2}'))).toBe(2);
      expect((await storedRows(observer.database, run.threadId)).map(({ payload }) => payload)).toEqual([
        '{"n":1}',
        '{"n":2}',
      ]);
    } finally {
      await blocker.end();
      await behindProxy.close();
      await proxy.close();
      await observer.close();
    }
  });
});
