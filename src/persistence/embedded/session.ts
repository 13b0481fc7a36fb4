import { realpath } from 'node:fs/promises';
import pg from 'pg';
import { StartupError } from '../startup-error.js';
import type { Cluster } from './cluster.js';
import { LOOPBACK } from './free-port.js';
import { SUPERUSER } from './initialise-cluster.js';
import type { ServerAddress } from './server-address.js';
import { hasSystemCode } from './system-code.js';

const CONNECT_TIMEOUT_MS = 5_000;
const MAINTENANCE_DATABASE = 'postgres';
const INVALID_PASSWORD = '28P01';

/** The URL of a database of the cluster. Neither a socket nor loopback needs TLS, whatever PGSSLMODE says. */
export function databaseUrl({ password }: Cluster, { port, socketFolder }: ServerAddress, database: string): string {
  const host = socketFolder === undefined ? LOOPBACK : encodeURIComponent(socketFolder);
  return `postgres://${SUPERUSER}:${password}@${host}:${port}/${database}?sslmode=disable`;
}

/**
 * A session with the server of this cluster at this address. Throws StartupError if the server refuses our password, any other error if it
 * does not answer (yet), or is the server of another cluster.
 */
export async function openSession(cluster: Cluster, address: ServerAddress): Promise<pg.Client> {
  const client = new pg.Client({
    connectionString: databaseUrl(cluster, address, MAINTENANCE_DATABASE),
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    application_name: 'goldenpath-owner',
    keepAlive: true,
  });
  // Without a listener a lost connection would end our process; who holds the session listens to 'end'.
  client.on('error', () => undefined);
  try {
    await client.connect();
    await checkCluster(client, cluster);
    return client;
  } catch (error) {
    await client.end().catch(() => undefined);
    if (!hasSystemCode(error, INVALID_PASSWORD)) throw error;
    throw new StartupError(
      `The database in ${cluster.folder} refuses the password that is recorded for it in DATA_DIR.`,
      error,
    );
  }
}

async function checkCluster(client: pg.Client, cluster: Cluster): Promise<void> {
  const { rows } = await client.query<{ data_directory: string }>('SHOW data_directory');
  const served = rows[0]?.data_directory ?? '';
  if ((await realpath(served)) !== (await realpath(cluster.path)))
    throw new Error(`The server at this address serves ${served}.`);
}
