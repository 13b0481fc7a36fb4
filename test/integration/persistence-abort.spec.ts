import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Connections } from '../../src/persistence/connections.js';
import { Database } from '../../src/persistence/database.js';
import { Logger } from '../../src/telemetry/logger.js';
import { createTestDatabase, openDatabase, type OpenDatabase, type TestDatabase } from '../support/database.js';
import { sleepingSessions } from '../support/scripted-tools.js';
import { until } from '../support/until.js';

const SLEEP = 'SELECT pg_sleep(60) AS slept_for_a_test';
const WITHIN_MS = 1_000;
const reason = new Error('nobody wants it any more');

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

const asleep = (sessions: number) => async () => (await sleepingSessions(open.database)) === sessions;

describe('a statement within a signal', () => {
  it('answers like any other', async () => {
    const sql = open.database.within(new AbortController().signal);
    expect(await sql.row('SELECT 1 AS one')).toEqual({ one: 1 });
    await expect(sql.rows('SELECT 1 / 0')).rejects.toMatchObject({ code: '22012' });
  });

  it('is not begun when the signal has aborted already', async () => {
    const sql = open.database.within(AbortSignal.abort(reason));
    await expect(sql.execute('CREATE TABLE never_made (id integer)')).rejects.toBe(reason);
    expect(await open.database.row(`SELECT to_regclass('never_made') AS made`)).toEqual({ made: null });
  });

  it('ends in PostgreSQL within a second after the abort, and its connection serves again', async () => {
    const controller = new AbortController();
    const sql = open.database.within(controller.signal);
    const statements = Array.from({ length: 5 }, () => sql.execute(SLEEP).catch((error: unknown) => error));
    await until(asleep(5), { message: 'five sessions at work' });
    const abortedMs = performance.now();
    controller.abort(reason);
    expect(await Promise.all(statements)).toEqual(Array.from({ length: 5 }, () => reason));
    expect(await sleepingSessions(open.database)).toBe(0);
    expect(performance.now() - abortedMs).toBeLessThan(WITHIN_MS);
    expect(await open.database.row('SELECT 2 AS two')).toEqual({ two: 2 });
  });

  it('ends although the first request to end it came before PostgreSQL had read it, and was ignored', async () => {
    const deaf = await createTestDatabase();
    const outside = await openDatabase(deaf.url);
    await outside.database.execute('CREATE SCHEMA deaf');
    await outside.database.execute('CREATE SEQUENCE deaf.asked');
    await outside.database.execute(
      `CREATE FUNCTION deaf.pg_cancel_backend(process int) RETURNS boolean LANGUAGE sql
       AS 'SELECT CASE WHEN nextval(''deaf.asked'') > 1 THEN pg_catalog.pg_cancel_backend(process) END'`,
    );
    const { name } = (await outside.database.row<{ name: string }>('SELECT current_database() AS name')) ?? {};
    await outside.database.execute(`ALTER DATABASE ${name ?? ''} SET search_path = public, deaf, pg_catalog`);
    const inside = await openDatabase(deaf.url);
    const controller = new AbortController();
    const statement = inside.database.within(controller.signal).execute(SLEEP);
    statement.catch(() => undefined);
    await until(async () => (await sleepingSessions(outside.database)) === 1, { message: 'a session at work' });
    controller.abort(reason);
    await expect(statement).rejects.toBe(reason);
    expect(await sleepingSessions(outside.database)).toBe(0);
    await inside.close();
    await outside.close();
    await deaf.drop();
  });

  it.each(['usual', 'groups'] as const)(
    'never takes another statement with it, for %s, however close to its end it is aborted',
    async (purpose) => {
      const outcomes = await Promise.all(
        Array.from({ length: 300 }, async (_, index) => {
          const controller = new AbortController();
          const short = open.database
            .within(controller.signal, purpose)
            .execute('SELECT pg_sleep($1::float8 / 1000)', [index % 4]);
          const other = open.database.row<{ index: number }>('SELECT $1::int AS index', [index]);
          setTimeout(() => controller.abort(reason), index % 5);
          await short.catch((error: unknown) => expect(error).toBe(reason));
          return (await other)?.index;
        }),
      );
      expect(outcomes).toEqual(outcomes.map((_, index) => index));
    },
  );

  it('is planned for groups alone, and its connection as usual afterwards, also when it failed', async () => {
    const planned = `SELECT current_setting('enable_sort') AS sort, current_setting('plan_cache_mode') AS plans, pg_backend_pid() AS session,
      current_setting('transaction_read_only') AS only_reads`;
    const connections = new Connections(new Logger('silent'));
    await connections.open(store.url);
    connections.admit();
    const pool = connections.pool();
    pool.options.max = 1;
    const database = new Database(() => pool);
    const { signal } = new AbortController();
    const usual = await database.within(signal).row<{ session: number }>(planned);
    expect(usual).toMatchObject({ sort: 'on', plans: 'force_generic_plan', only_reads: 'off' });
    const groups = { sort: 'off', plans: 'force_custom_plan', only_reads: 'on', session: usual?.session };
    expect(await database.within(signal, 'groups').row(planned)).toEqual(groups);
    await expect(database.within(signal, 'groups').row('SELECT 1 / 0')).rejects.toMatchObject({ code: '22012' });
    expect(await database.row(planned)).toEqual(usual);
    await connections.close();
  });

  it('loses its connection when PostgreSQL can not be asked to end it', async () => {
    const connections = new Connections(new Logger('silent'));
    await connections.open(store.url);
    connections.admit();
    const pool = connections.pool();
    const database = new Database(() => pool);
    const controller = new AbortController();
    const statement = database.within(controller.signal).execute('SELECT pg_sleep(3) AS slept_for_a_test');
    statement.catch(() => undefined);
    await until(asleep(1), { message: 'a session at work' });
    Object.assign(pool.options, { connectionString: undefined, host: '127.0.0.1', port: 1 });
    controller.abort(reason);
    await expect(statement).rejects.toBe(reason);
    expect(pool.totalCount).toBe(0);
    await connections.close();
    await until(asleep(0), { message: 'the end of the session' });
  });
});
