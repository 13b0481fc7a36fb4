import { createHash, randomBytes } from 'node:crypto';
import { chmod, chown, link, mkdir, readFile, rm, rmdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { StartupError } from '../startup-error.js';
import { canUse, type Account } from './account.js';
import { hasSystemCode } from './system-code.js';

/** Where the embedded database of a DATA_DIR lies, and its password. */
export interface Placement {
  /** Absolute; holds the cluster, its log and nothing else. */
  readonly folder: string;
  /** Outside DATA_DIR, because the account that PostgreSQL runs as can't get in. */
  readonly isElsewhere: boolean;
  readonly password: string;
  /** Made just now: a cluster found there belongs to a DATA_DIR that is gone. */
  readonly isNew: boolean;
}

const recordFile = z.object({ folder: z.string().min(1), password: z.string().min(1) });

/** What root shares with user postgres: binaries and databases that he couldn't reach where the checkout lies. */
export const SHARED_FOLDER = '/var/lib/goldenpath';
const OWN_FOLDER = 'postgresql';

/**
 * The placement that DATA_DIR recorded, or a new one. It is recorded before anything else is made, and kept: a folder whose permissions
 * change later must not lead to a second, empty database. The file holds the password: 0600.
 */
export async function placeDatabase(dataDir: string, account: Account | undefined): Promise<Placement> {
  const recordPath = join(dataDir, 'postgresql.json');
  await mkdir(dataDir, { recursive: true });
  const recorded = await readPlacement(recordPath, dataDir);
  if (recorded !== undefined) return recorded;
  const folder = await chooseFolder(dataDir, account);
  const record = { folder, password: randomBytes(24).toString('base64url') };
  if (await writeOnce(recordPath, `${JSON.stringify(record, undefined, 2)}\n`)) {
    return { ...placementOf(record, dataDir), isNew: true };
  }
  const other = await readPlacement(recordPath, dataDir);
  if (other === undefined) throw new StartupError(`${recordPath} can't be written.`);
  return other;
}

/** Makes a folder that only the account can enter. */
export async function makePrivateFolder(folder: string, account: Account | undefined): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  if (account !== undefined) await chown(folder, account.uid, account.gid);
}

async function readPlacement(recordPath: string, dataDir: string): Promise<Placement | undefined> {
  try {
    return placementOf(recordFile.parse(JSON.parse(await readFile(recordPath, 'utf8'))), dataDir);
  } catch (error) {
    if (hasSystemCode(error, 'ENOENT')) return undefined;
    if (hasSystemCode(error, 'EACCES'))
      throw new StartupError(`${dataDir} belongs to another user. Start as that user, or set DATA_DIR.`, error);
    throw new StartupError(
      `${recordPath} can't be read; it holds the password of the embedded database. Restore it from a backup.`,
      error,
    );
  }
}

const placementOf = ({ folder, password }: z.infer<typeof recordFile>, dataDir: string): Placement => ({
  folder: resolve(dataDir, folder),
  isElsewhere: folder !== OWN_FOLDER,
  password,
  isNew: false,
});

/** Inside DATA_DIR, so that it can be moved; elsewhere only if the account can't get in. */
async function chooseFolder(dataDir: string, account: Account | undefined): Promise<string> {
  const own = join(dataDir, OWN_FOLDER);
  if (account === undefined) return OWN_FOLDER;
  await makePrivateFolder(own, account);
  if (await canUse(own, account)) return OWN_FOLDER;
  await rmdir(own).catch(() => undefined);
  const isMade = await mkdir(SHARED_FOLDER, { recursive: true });
  if (isMade !== undefined) await chmod(SHARED_FOLDER, 0o755);
  return join(SHARED_FOLDER, `data-${createHash('sha256').update(dataDir).digest('hex').slice(0, 16)}`);
}

/** False if the file is there already. A link, unlike an exclusive open, never shows a half-written file to a second process. */
async function writeOnce(path: string, text: string): Promise<boolean> {
  const draft = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`;
  try {
    await writeFile(draft, text, { mode: 0o600, flush: true });
    await link(draft, path);
    return true;
  } catch (error) {
    if (hasSystemCode(error, 'EEXIST')) return false;
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
}
