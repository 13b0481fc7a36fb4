import { stat } from 'node:fs/promises';
import { StartupError } from '../startup-error.js';
import { programSucceeds, runProgram, type ProgramSetting } from './program.js';

/** A user of the system that PostgreSQL runs as because it refuses root. */
export interface Account {
  readonly uid: number;
  readonly gid: number;
}

const AS_ROOT: ProgramSetting = { account: undefined, folder: '/' };
/** macOS has its own. */
const NAMES = ['postgres', '_postgres'];

/** Undefined for an ordinary user, who runs PostgreSQL as himself; root gets user postgres, made where it is missing. */
export async function serverAccount(): Promise<Account | undefined> {
  if (!isRoot()) return undefined;
  for (const name of NAMES) {
    const account = await findAccount(name);
    if (account !== undefined) return account;
  }
  return createAccount('postgres');
}

/**
 * As root, an existing folder's owner goes before user postgres: a database that an ordinary user made stays usable
 * for him after somebody ran us with sudo.
 */
export async function ownerOf(folder: string): Promise<Account | undefined> {
  if (!isRoot()) return undefined;
  const owner = await stat(folder).catch(() => undefined);
  return owner === undefined || owner.uid === 0 ? undefined : { uid: owner.uid, gid: owner.gid };
}

/** Whether the account can enter a folder and write there. Tried rather than computed, so that ACLs and mounts count. */
export async function canUse(folder: string, account: Account): Promise<boolean> {
  return programSucceeds('/bin/sh', ['-c', 'cd "$1" && test -w .', 'sh', folder], { account, folder: '/' });
}

const isRoot = (): boolean => process.getuid?.() === 0;

async function findAccount(name: string): Promise<Account | undefined> {
  try {
    const [uid, gid] = await Promise.all([
      runProgram('id', ['-u', name], AS_ROOT),
      runProgram('id', ['-g', name], AS_ROOT),
    ]);
    return { uid: Number.parseInt(uid, 10), gid: Number.parseInt(gid, 10) };
  } catch {
    return undefined;
  }
}

async function createAccount(name: string): Promise<Account> {
  try {
    await runProgram('groupadd', ['--system', '--force', name], AS_ROOT);
    await runProgram(
      'useradd',
      ['--system', '--gid', name, '--no-create-home', '--shell', '/bin/false', name],
      AS_ROOT,
    );
  } catch (error) {
    throw new StartupError(
      `PostgreSQL refuses to run as root and user ${name} can't be made. Start as an ordinary user, or set DATABASE_URL.`,
      error,
    );
  }
  const account = await findAccount(name);
  if (account === undefined)
    throw new StartupError(`User ${name} was made but can't be found. Start as an ordinary user, or set DATABASE_URL.`);
  return account;
}
