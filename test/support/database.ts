import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { z } from 'zod';
import { Connections } from '../../src/persistence/connections.js';
import { Database } from '../../src/persistence/database.js';
import { Logger } from '../../src/telemetry/logger.js';

export interface TestDatabase {
  readonly url: string;
  /** Removes it, also under connections that are still open. */
  drop(): Promise<void>;
}

export interface OpenDatabase {
  readonly database: Database;
  close(): Promise<void>;
}

const hostLine = z.object({ url: z.string(), prefix: z.string(), template: z.string() });

/** A database of one's own, empty and migrated: one for each test file. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const host = hostLine.parse(JSON.parse(process.env.GOLDENPATH_TEST_DATABASE ?? 'null'));
  const name = `${host.prefix}_${randomBytes(6).toString('hex')}`;
  await administer(host.url, `CREATE DATABASE ${name} TEMPLATE ${host.template}`);
  const url = new URL(host.url);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => administer(host.url, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`) };
}

/** A Database on a URL, with the application's own pool settings. */
export async function openDatabase(url: string): Promise<OpenDatabase> {
  const connections = new Connections(new Logger('silent'));
  await connections.open(url);
  connections.admit();
  return { database: new Database(() => connections.pool()), close: () => connections.close() };
}

async function administer(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
