import type { Sql } from '../../src/persistence/sql.js';

/**
 * Puts functions of a schema of their own before PostgreSQL's: in sessions that are opened from now on the time is wrong by
 * what `setDatabaseClock` says.
 */
export async function makeClockSettable(sql: Sql): Promise<void> {
  await sql.execute('CREATE SCHEMA wrong_time');
  await sql.execute('CREATE TABLE wrong_time.clock (wrong_by interval NOT NULL)');
  await sql.execute(`INSERT INTO wrong_time.clock VALUES ('0')`);
  for (const name of ['now', 'clock_timestamp', 'statement_timestamp', 'transaction_timestamp']) {
    await sql.execute(
      `CREATE FUNCTION wrong_time.${name}() RETURNS timestamptz LANGUAGE sql STABLE
       AS 'SELECT pg_catalog.${name}() + (SELECT wrong_by FROM wrong_time.clock)'`,
    );
  }
  const row = await sql.row<{ name: string }>('SELECT current_database() AS name');
  await sql.execute(`ALTER DATABASE ${row?.name ?? ''} SET search_path = public, wrong_time, pg_catalog`);
}

/** From now on the database's clock is wrong by so much; 0: right. */
export async function setDatabaseClock(sql: Sql, wrongByS: number): Promise<void> {
  await sql.execute('UPDATE wrong_time.clock SET wrong_by = make_interval(secs => $1)', [wrongByS]);
}
