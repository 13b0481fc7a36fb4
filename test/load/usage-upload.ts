import { Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { callRest } from '../../src/commands/rest.js';
import type { UsageCsv } from './usage-csv.js';

const POLL_MS = 200;

const imported = z.object({
  import_id: z.string(),
  status: z.enum(['running', 'completed', 'failed']),
  accepted: z.number(),
  rejected: z.number(),
});

interface UsageUpload {
  readonly token: string;
  readonly file: UsageCsv;
  readonly rows: number;
}

/** Sends a file and waits until it is imported; throws unless all of its rows are. `importMs`: without the upload. */
export async function importUsage(
  url: string,
  { token, file, rows }: UsageUpload,
): Promise<{ importMs: number; totalMs: number }> {
  const started = performance.now();
  const answer = await callRest(`${url}/api/usage/imports?format=generic`, imported, {
    method: 'POST',
    token,
    body: Readable.from(file.chunks()),
    contentType: 'text/csv',
  });
  const uploadedMs = performance.now() - started;
  let done = answer;
  while (done.status === 'running') {
    await pause(POLL_MS);
    done = await callRest(`${url}/api/usage/imports/${answer.import_id}`, imported, { method: 'GET', token });
  }
  const totalMs = performance.now() - started;
  if (done.status !== 'completed' || done.accepted !== rows || done.rejected !== 0)
    throw new Error(`the import is ${done.status}: ${done.accepted} rows taken, ${done.rejected} refused, of ${rows}`);
  return { importMs: answer.status === 'running' ? totalMs - uploadedMs : totalMs, totalMs };
}
