import { generateKeyPairSync } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { systemErrorCode } from './system-error.js';

const FILE_NAME = 'jwt-key.pem';
const OWNER_ONLY = 0o600;

/** The private key that an embedded server makes for itself in its data folder: made once, readable by its owner only. */
export async function ownKey(dataDir: string): Promise<string> {
  const path = join(dataDir, FILE_NAME);
  return (await readIfPresent(path)) ?? (await makeKey(dataDir, path));
}

async function makeKey(dataDir: string, path: string): Promise<string> {
  const pem = generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
  await mkdir(dataDir, { recursive: true });
  // Written beside and renamed, so that a crash in between leaves no half a key.
  const draft = `${path}.${process.pid}`;
  await writeFile(draft, pem, { mode: OWNER_ONLY });
  await rename(draft, path);
  return pem;
}

async function readIfPresent(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}
