import { randomBytes } from 'node:crypto';
import { chown, open, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { StartupError } from '../startup-error.js';
import type { Cluster } from './cluster.js';
import { isAlive } from './process-alive.js';
import { runProgram } from './program.js';
import { hasSystemCode } from './system-code.js';

/** The name of PostgreSQL's superuser in an embedded cluster. */
export const SUPERUSER = 'goldenpath';

/** Drafts of processes that were killed while they made one. initdb takes a second. */
const DRAFT_PREFIX = 'draft-';

/** Makes the cluster if there is none. Throws StartupError if there is one of another major version. */
export async function initialiseCluster(cluster: Cluster): Promise<void> {
  const [wanted, found] = await Promise.all([majorVersion(cluster), versionOf(cluster.path)]);
  if (found === wanted) return;
  if (found !== undefined) {
    throw new StartupError(
      `${cluster.path} is a database of PostgreSQL ${found}, but version ${wanted} is installed. Start with the Goldenpath that made it, or move the folder away.`,
    );
  }
  await removeOldDrafts(cluster.folder);
  const draft = join(cluster.folder, `${DRAFT_PREFIX}${process.pid}-${randomBytes(4).toString('hex')}`);
  try {
    await initialise(cluster, draft);
    // A rename, so that an initdb that was interrupted is never taken for a cluster.
    await rename(draft, cluster.path);
    await syncFolder(cluster.folder);
  } catch (error) {
    // Another server of the same DATA_DIR was faster: its cluster serves as well, and the owner lock decides who keeps it.
    if ((await versionOf(cluster.path)) !== wanted) throw error;
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

async function initialise(cluster: Cluster, draft: string): Promise<void> {
  const passwordPath = `${draft}.password`;
  try {
    await writeFile(passwordPath, `${cluster.password}\n`, { mode: 0o600 });
    if (cluster.account !== undefined) await chown(passwordPath, cluster.account.uid, cluster.account.gid);
    await runProgram(cluster.binaries.initdb, initdbParameters(draft, passwordPath), cluster);
  } finally {
    await rm(passwordPath, { force: true });
  }
}

/** The builtin locale sorts by code point on every machine, whatever its C library. */
const initdbParameters = (draft: string, passwordPath: string): string[] => [
  `--pgdata=${draft}`,
  `--username=${SUPERUSER}`,
  `--pwfile=${passwordPath}`,
  '--auth=scram-sha-256',
  '--encoding=UTF8',
  '--locale=C',
  '--locale-provider=builtin',
  '--builtin-locale=C.UTF-8',
];

async function majorVersion(cluster: Cluster): Promise<string> {
  const line = await runProgram(cluster.binaries.postgres, ['--version'], cluster);
  return /(\d+)\.\d+|(\d+)\S*$/.exec(line.trim())?.slice(1).find(Boolean) ?? line.trim();
}

async function versionOf(path: string): Promise<string | undefined> {
  try {
    return (await readFile(join(path, 'PG_VERSION'), 'utf8')).trim();
  } catch (error) {
    if (hasSystemCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

async function removeOldDrafts(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const pid = name.startsWith(DRAFT_PREFIX) ? Number.parseInt(name.slice(DRAFT_PREFIX.length), 10) : NaN;
    if (Number.isInteger(pid) && !isAlive(pid)) await rm(join(folder, name), { recursive: true, force: true });
  }
}

/** A renamed folder is on disk only after its parent is. Windows can't open folders. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
