import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Account } from './account.js';

const execute = promisify(execFile);

/** How PostgreSQL's programs run: as whom, and from which folder. */
export interface ProgramSetting {
  /** Undefined: as ourselves. */
  readonly account: Account | undefined;
  /** A folder that the account can enter: PostgreSQL refuses to run where it can't read its working directory. */
  readonly folder: string;
}

/**
 * What a program of PostgreSQL sees: not our environment, which holds keys and passwords, and whose PG* and locale variables would change it.
 * Windows programs need system variables that we can't list, so they inherit.
 */
const ENVIRONMENT =
  process.platform === 'win32'
    ? undefined
    : { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C', TZ: 'UTC' };

/** Options for spawn and execFile. */
export interface ProgramOptions {
  readonly cwd: string;
  readonly windowsHide: boolean;
  readonly env?: Record<string, string>;
  readonly uid?: number;
  readonly gid?: number;
}

export const programOptions = ({ account, folder }: ProgramSetting): ProgramOptions => ({
  cwd: folder,
  windowsHide: true,
  ...(ENVIRONMENT === undefined ? {} : { env: ENVIRONMENT }),
  ...(account === undefined ? {} : { uid: account.uid, gid: account.gid }),
});

/** Runs a program to its end and gives its standard output. Throws with what it wrote to standard error. */
export async function runProgram(
  program: string,
  parameters: readonly string[],
  setting: ProgramSetting,
): Promise<string> {
  const { stdout } = await execute(program, [...parameters], { ...programOptions(setting), encoding: 'utf8' });
  return stdout;
}

/** Whether a program ends with exit code 0. */
export async function programSucceeds(
  program: string,
  parameters: readonly string[],
  setting: ProgramSetting,
): Promise<boolean> {
  return runProgram(program, parameters, setting).then(
    () => true,
    () => false,
  );
}
