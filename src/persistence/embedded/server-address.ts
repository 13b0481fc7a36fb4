import { join } from 'node:path';
import type { Cluster } from './cluster.js';

/** Where a server listens: always on a port of the loopback address, and on a socket where there can be one. */
export interface ServerAddress {
  readonly port: number;
  /** The folder of its socket. A statement over it costs both sides less than over the port. */
  readonly socketFolder: string | undefined;
}

/** macOS takes paths of 103 bytes, Linux of 107; a DATA_DIR may have more. */
const SOCKET_PATH_BYTES_MAX = 103;

/** The cluster's own folder, which nobody else can enter; undefined where no socket can be. */
export function socketFolderOf({ folder }: Pick<Cluster, 'folder'>): string | undefined {
  const longest = join(folder, '.s.PGSQL.65535.lock');
  return process.platform === 'win32' || Buffer.byteLength(longest) > SOCKET_PATH_BYTES_MAX ? undefined : folder;
}
