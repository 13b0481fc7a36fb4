/**
 * A process that holds the PostgreSQL of one test run: TEST_DATABASE_URL, or an embedded one in a temporary folder. It writes one line,
 * `{url, template}`, and takes everything away when its standard input ends, that is also when the test run is killed.
 */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { EmbeddedServer } from '../../src/persistence/embedded/embedded-server.js';
import { migrate } from '../../src/persistence/migrate.js';
import { Logger } from '../../src/telemetry/logger.js';

// Ctrl-C reaches the whole group: the test run decides when it is over.
process.on('SIGINT', () => undefined);
process.on('SIGTERM', () => undefined);

const prefix = `goldenpath_test_${randomBytes(4).toString('hex')}`;
const template = `${prefix}_template`;
const external = process.env.TEST_DATABASE_URL;
const host =
  external === undefined || external === '' ? await startEmbedded() : { url: external, stop: () => Promise.resolve() };

try {
  await createTemplate();
  process.stdout.write(`${JSON.stringify({ url: host.url, prefix, template })}\n`);
  process.stdin.resume();
  await Promise.race([once(process.stdin, 'end'), once(process.stdin, 'close')]);
} finally {
  await dropDatabases();
  await host.stop();
}

async function startEmbedded(): Promise<{ url: string; stop: () => Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'goldenpath-test-'));
  // As root, the user that PostgreSQL runs as has to get in.
  await chmod(folder, 0o755);
  const server = new EmbeddedServer(folder, new Logger('warn'));
  const url = new URL(await server.start());
  // Tests put proxies between a server and its database: over the port, not the socket.
  url.hostname = '127.0.0.1';
  return {
    url: url.href,
    stop: async () => {
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Nobody may be connected to a template while it is copied, so nobody may connect at all. */
async function createTemplate(): Promise<void> {
  await administer(async (client) => client.query(`CREATE DATABASE ${template}`));
  const url = new URL(host.url);
  url.pathname = `/${template}`;
  await migrate(url.href);
  await administer(async (client) => client.query(`ALTER DATABASE ${template} ALLOW_CONNECTIONS false`));
}

async function dropDatabases(): Promise<void> {
  await administer(async (client) => {
    const { rows } = await client.query<{ name: string }>(
      'SELECT datname AS name FROM pg_database WHERE starts_with(datname, $1)',
      [prefix],
    );
    for (const { name } of rows) await client.query(`DROP DATABASE ${name} WITH (FORCE)`);
  });
}

async function administer(work: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const client = new pg.Client({ connectionString: host.url });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}
