import { chown, open, readFile, rename, stat, type FileHandle } from 'node:fs/promises';
import type { Cluster } from './cluster.js';

const LOG_SIZE_MAX_BYTES = 1_000_000;

/** The log that a starting server appends to; one old generation is kept. */
export async function openLog({ logPath, account }: Cluster): Promise<FileHandle> {
  const sizeBytes = await stat(logPath).then(
    ({ size }) => size,
    () => 0,
  );
  if (sizeBytes > LOG_SIZE_MAX_BYTES) await rename(logPath, `${logPath}.1`);
  const log = await open(logPath, 'a', 0o600);
  if (account !== undefined) await chown(logPath, account.uid, account.gid);
  return log;
}

/** Why the server ended, in its own words. */
export async function lastLogLine({ logPath }: Cluster): Promise<string> {
  const text = await readFile(logPath, 'utf8').catch(() => '');
  const lines = text.trim().split('\n');
  return lines.findLast((line) => /FATAL|PANIC/.test(line)) ?? lines.at(-1) ?? '';
}
