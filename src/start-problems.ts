import { constants } from 'node:fs';
import { access, mkdir } from 'node:fs/promises';
import type { Configuration } from './config/configuration.js';
import { StartupError } from './persistence/startup-error.js';

/** Makes the data folder of an embedded server. Throws StartupError when nothing can be written there. */
export async function prepareDataDir({ embedded, dataDir }: Configuration): Promise<void> {
  if (!embedded) return;
  try {
    await mkdir(dataDir, { recursive: true });
    await access(dataDir, constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new StartupError(`DATA_DIR: ${dataDir} is no folder that can be written to (${codeOf(error)}).`, error);
  }
}

/** A refusal of the operating system to listen as a StartupError; another error as it is. */
export function listenError(error: unknown, { host, port }: Configuration): unknown {
  const code = codeOf(error);
  const reason = REASONS[code];
  return reason === undefined
    ? error
    : new StartupError(`Can't listen on ${host} port ${port}: ${reason} (${code}).`, error);
}

const REASONS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'another program has the port; set PORT to another one, or to 0 for any',
  EACCES: 'the port is for the system administrator; set PORT to one above 1023',
  EADDRNOTAVAIL: 'HOST is no address of this machine',
  ENOTFOUND: 'HOST is not known by name',
  EAI_AGAIN: 'HOST is not known by name',
  EINVAL: 'HOST is no address to listen on',
};

const codeOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string'
    ? error.code
    : 'unknown';
