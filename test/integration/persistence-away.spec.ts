import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { loadConfiguration } from '../../src/config/load-configuration.js';
import { Connections } from '../../src/persistence/connections.js';
import { Database } from '../../src/persistence/database.js';
import { Installation } from '../../src/persistence/installation.js';
import { Persistence } from '../../src/persistence/persistence.js';
import { Clock } from '../../src/telemetry/clock.js';
import { Ids } from '../../src/telemetry/ids.js';
import { Logger } from '../../src/telemetry/logger.js';
import { createTestDatabase, openDatabase, type TestDatabase } from '../support/database.js';
import { TcpProxy } from '../support/tcp-proxy.js';
import { until } from '../support/until.js';

const logger = new Logger('silent');
// An external database asks for a key; nothing is signed here.
const signingKey = generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();

function persistenceOn(databaseUrl: string): {
  persistence: Persistence;
  database: Database;
  installation: Installation;
} {
  const configuration = loadConfiguration({ NODE_ENV: 'test', DATABASE_URL: databaseUrl, JWT_PRIVATE_KEY: signingKey });
  const connections = new Connections(logger);
  const database = new Database(() => connections.pool());
  const installation = new Installation(database, new Ids());
  return {
    persistence: new Persistence(configuration, connections, database, installation, new Clock(), logger),
    database,
    installation,
  };
}

describe('With the database away', () => {
  let test: TestDatabase;
  let proxy: TcpProxy;
  let url: URL;

  beforeAll(async () => {
    test = await createTestDatabase();
    url = new URL(test.url);
    proxy = new TcpProxy({ host: url.hostname, port: Number(url.port === '' ? 5432 : url.port) });
    url.hostname = '127.0.0.1';
    url.port = String(await proxy.open());
    await proxy.close();
  });

  afterAll(async () => {
    await proxy.close();
    await test.drop();
  });

  it('start() waits for it, statements fail as database_unavailable when it goes, and all goes on when it is back', async () => {
    const { persistence, database, installation } = persistenceOn(url.href);
    const phases: string[] = [];
    const early: Promise<unknown>[] = [];
    const started = persistence.start((phase) => {
      phases.push(phase);
      // The tables are being made: who asks now is not told that there is none.
      if (phase === 'migrations') early.push(database.execute('SELECT 1').catch((error: unknown) => error));
    });
    await expect(database.execute('SELECT 1')).rejects.toMatchObject({ code: 'database_unavailable' });

    await proxy.open();
    await started;
    expect(phases).toEqual(['database', 'migrations']);
    expect(await Promise.all(early)).toMatchObject([{ code: 'database_unavailable' }]);
    expect(installation.logId()).toMatch(/^[0-9a-f-]{36}$/);
    expect(await persistence.ping()).toBeGreaterThan(0);

    await proxy.close();
    await expect(database.execute('SELECT 1')).rejects.toMatchObject({ code: 'database_unavailable' });
    await expect(database.transaction((sql) => sql.execute('SELECT 1'))).rejects.toMatchObject({
      code: 'database_unavailable',
    });
    await expect(persistence.ping()).rejects.toMatchObject({ code: 'database_unavailable' });

    await proxy.open();
    await until(() => database.execute('SELECT 1').catch(() => 0), { message: 'the database answers again' });
    await persistence.stop();
    await expect(database.execute('SELECT 1')).rejects.toMatchObject({ code: 'database_unavailable' });
  });

  it('stop() ends a start() that waits', async () => {
    await proxy.close();
    const { persistence } = persistenceOn(url.href);
    const started = persistence.start().catch((error: unknown) => error);
    await persistence.stop();
    expect(await started).toBeInstanceOf(Error);
  });

  it('a database that does not exist is told in one line, not waited for', async () => {
    const wrong = new URL(test.url);
    wrong.pathname = '/no_such_database';
    await expect(persistenceOn(wrong.href).persistence.start()).rejects.toMatchObject({
      name: 'StartupError',
      message: `The database can't be used: database "no_such_database" does not exist`,
    });
  });
});

describe('With a table in use that a migration changes', () => {
  it('start() waits without holding others up, and goes on when it is free', async () => {
    const test = await createTestDatabase();
    const open = await openDatabase(test.url);
    const { database } = open;
    await database.execute('ALTER TABLE run DROP COLUMN append_round');
    await database.execute(`DELETE FROM migrations WHERE name LIKE 'AppendRounds%'`);
    const reader = new pg.Client({ connectionString: test.url });
    await reader.connect();
    await reader.query('BEGIN; LOCK TABLE run IN ACCESS SHARE MODE');
    const { persistence } = persistenceOn(test.url);
    const started = persistence.start(() => undefined);
    const waiting = `SELECT 1 FROM pg_locks WHERE relation = 'run'::regclass AND NOT granted`;
    await until(() => database.row(waiting), { message: 'the migration waits' });
    // Its own limit for locks is two seconds.
    for (let count = 0; count < 30; count += 1) await database.rows('SELECT id FROM run LIMIT 1');
    await until(async () => (await database.row(waiting)) === undefined, { message: 'the migration steps back' });
    await reader.query('COMMIT');
    await started;
    expect(await database.rows('SELECT append_round FROM run')).toEqual([]);
    await persistence.stop();
    await reader.end();
    await open.close();
    await test.drop();
  }, 20_000);
});
