import { LOOPBACK } from './free-port.js';
import type { ServerAddress } from './server-address.js';

/**
 * Settings of the embedded server, given on its command line, which goes before its files. Sized for a small machine: one Goldenpath with its
 * pool, the queue and a few extra sessions.
 */
const SETTINGS: Readonly<Record<string, string>> = {
  listen_addresses: LOOPBACK,
  max_connections: '60',
  shared_buffers: '128MB',
  // What is accepted is on disk: these two are the promise, whatever postgresql.conf says.
  fsync: 'on',
  synchronous_commit: 'on',
  // No replica follows an embedded server.
  wal_level: 'minimal',
  max_wal_senders: '0',
  max_wal_size: '512MB',
  io_method: 'sync',
  jit: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
  // Errors of statements reach us anyway; in the log they would show users' data.
  log_min_messages: 'log',
  log_min_error_statement: 'panic',
  log_checkpoints: 'off',
};

/** A session of a process that was killed stops its statement, and lets its locks go, after this time. Windows can't tell. */
const CLIENT_CHECK_INTERVAL = '1s';

/** The parameters of the program postgres. */
export function serverParameters(clusterPath: string, { port, socketFolder }: ServerAddress): string[] {
  const settings = {
    ...SETTINGS,
    port: String(port),
    // A list: a name with a comma stands in quotes.
    unix_socket_directories: socketFolder === undefined ? '' : `"${socketFolder.replaceAll('"', '""')}"`,
    ...(process.platform === 'win32' ? {} : { client_connection_check_interval: CLIENT_CHECK_INTERVAL }),
  };
  return ['-D', clusterPath, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])];
}
