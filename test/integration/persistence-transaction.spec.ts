import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { hasSqlState } from '../../src/persistence/database-error.js';
import type { Sql } from '../../src/persistence/sql.js';
import { createTestDatabase, openDatabase, type OpenDatabase, type TestDatabase } from '../support/database.js';
import { until } from '../support/until.js';

const INSERT = 'INSERT INTO tenant (id, name, created_at) VALUES ($1, $2, now())';
const COUNT = 'SELECT count(*) AS tenants FROM tenant WHERE name = $1';

describe('A transaction', () => {
  let test: TestDatabase;
  let open: OpenDatabase;

  beforeAll(async () => {
    test = await createTestDatabase();
    open = await openDatabase(test.url);
  });

  afterAll(async () => {
    await open.close();
    await test.drop();
  });

  const tenants = async (name: string): Promise<number | undefined> =>
    (await open.database.row<{ tenants: number }>(COUNT, [name]))?.tenants;

  it('keeps what it wrote when it resolves', async () => {
    expect(await open.database.transaction((sql) => sql.execute(INSERT, [randomUUID(), 'kept']))).toBe(1);
    expect(await tenants('kept')).toBe(1);
  });

  it('waits for the disk unless it need not be durable, which holds for it alone', async () => {
    const waits = (sql: Sql) => sql.row('SHOW synchronous_commit');
    expect(await open.database.transaction(waits, { durable: false })).toEqual({ synchronous_commit: 'off' });
    expect(await open.database.transaction(waits)).toEqual({ synchronous_commit: 'on' });
  });

  it('leaves nothing when it throws, and throws the same error', async () => {
    const failure = new Error('changed my mind');
    const work = open.database.transaction(async (sql) => {
      await sql.execute(INSERT, [randomUUID(), 'gone']);
      throw failure;
    });
    await expect(work).rejects.toBe(failure);
    expect(await tenants('gone')).toBe(0);
  });

  it('shows an error of a statement with its SQLSTATE', async () => {
    const id = randomUUID();
    const error: unknown = await open.database
      .transaction(async (sql) => {
        await sql.execute(INSERT, [id, 'twice']);
        await sql.execute(INSERT, [id, 'twice']);
      })
      .catch((reason: unknown) => reason);
    expect(hasSqlState(error, '23505')).toBe(true);
    expect(await tenants('twice')).toBe(0);
  });

  it('whose connection is lost between two statements fails as database_unavailable and harms nobody else', async () => {
    const work = open.database.transaction(async (sql) => {
      const session = await sql.row<{ pid: number }>('SELECT pg_backend_pid() AS pid');
      await open.database.execute('SELECT pg_terminate_backend($1)', [session?.pid]);
      await until(
        async () =>
          (await open.database.rows('SELECT 1 FROM pg_stat_activity WHERE pid = $1', [session?.pid])).length === 0,
        { message: 'the session is gone' },
      );
      await sql.execute(INSERT, [randomUUID(), 'cut']);
    });
    await expect(work).rejects.toMatchObject({ code: 'database_unavailable', retryable: true });
    expect(await tenants('cut')).toBe(0);
  });

  it('that stands still loses its locks, so that a frozen owner holds nobody up', async () => {
    const id = randomUUID();
    await open.database.execute(INSERT, [id, 'frozen']);
    const frozen = open.database.transaction(async (sql) => {
      await sql.execute('SELECT id FROM tenant WHERE id = $1 FOR UPDATE', [id]);
      await until(
        async () =>
          (await open.database.execute('SELECT id FROM tenant WHERE id = $1 FOR UPDATE SKIP LOCKED', [id])) === 1,
        {
          timeoutMs: 5_000,
          message: 'the row is free',
        },
      );
      await sql.execute('SELECT 1');
    });
    await expect(frozen).rejects.toMatchObject({ code: 'database_unavailable' });
  });
});
