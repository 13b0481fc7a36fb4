import { readFile, realpath, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isAlive } from './process-alive.js';
import { runProgram, type ProgramSetting } from './program.js';
import type { ServerAddress } from './server-address.js';
import { hasSystemCode } from './system-code.js';

/** A PostgreSQL server that runs on a cluster. */
export interface Postmaster {
  readonly pid: number;
  /** Undefined while it has not written it yet. */
  readonly address: ServerAddress | undefined;
}

const ANYWHERE: ProgramSetting = { account: undefined, folder: process.platform === 'win32' ? 'C:\\' : '/' };

/**
 * The server that runs on this cluster by its postmaster.pid. A lock file that a dead server left is no obstacle: PostgreSQL replaces it
 * when its process is gone; when the system has given the number to another program, PostgreSQL would refuse, so it is removed here.
 */
export async function findPostmaster(cluster: string): Promise<Postmaster | undefined> {
  const path = join(cluster, 'postmaster.pid');
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    if (hasSystemCode(error, 'ENOENT')) return '';
    throw error;
  });
  const [pidLine = '', folder = '', , portLine = '', socketFolder = ''] = text.split('\n');
  const pid = Math.abs(Number.parseInt(pidLine, 10));
  if (!Number.isInteger(pid) || pid === 0 || !isAlive(pid)) return undefined;
  if ((await isSameFolder(folder, cluster)) && (await runsPostgres(pid, folder))) {
    const port = Number.parseInt(portLine, 10);
    const address = { port, socketFolder: socketFolder === '' ? undefined : socketFolder };
    return { pid, address: Number.isInteger(port) ? address : undefined };
  }
  await rm(path, { force: true });
  return undefined;
}

/** A copied cluster has the lock file of the original in it. */
async function isSameFolder(one: string, other: string): Promise<boolean> {
  const paths = await Promise.all([realpath(one), realpath(other)]).catch(() => undefined);
  return paths !== undefined && paths[0] === paths[1];
}

async function runsPostgres(pid: number, folder: string): Promise<boolean> {
  const command = await commandOf(pid).catch(() => undefined);
  if (command === undefined) return false;
  if (process.platform === 'win32') return command.includes('postgres.exe');
  return command.replaceAll('\0', ' ').includes(` -D ${folder} `);
}

/** The command line of a process; on Windows only its program. Throws when the process is gone. */
function commandOf(pid: number): Promise<string> {
  if (process.platform === 'linux') return readFile(`/proc/${pid}/cmdline`, 'utf8');
  if (process.platform === 'win32')
    return runProgram('tasklist', ['/FI', `PID eq ${pid}`, '/NH', '/FO', 'CSV'], ANYWHERE);
  return runProgram('ps', ['-ww', '-o', 'command=', '-p', String(pid)], ANYWHERE);
}
