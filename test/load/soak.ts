import { setTimeout as pause } from 'node:timers/promises';
import { connectAt, registerAt } from '../support/rest-user.js';
import type { ServerProcess } from './server-process.js';
import { accepted, messageOf } from './visit.js';

export interface SoakOptions {
  readonly users: number;
  /** Between two looks. */
  readonly stepMs: number;
  readonly steps: number;
  /** Something else that happens with each visit: what a control plants. */
  readonly extra?: (() => Promise<void>) | undefined;
}

/** What the server holds after a full collection, under load. */
export interface MemoryMark {
  readonly atMs: number;
  readonly runs: number;
  readonly connections: number;
  readonly rssMib: number;
  readonly heapMib: number;
}

const MIB = 1024 * 1024;
const FINAL_MS = 120_000;
/** Users come back so soon: a server has some of them away at each moment. */
const AWAY_MS = 200;

/** Keeps a server under load by users who connect, ask, leave in different ways and come back, and looks at its memory at each step. */
export async function soak(
  server: ServerProcess,
  { users, stepMs, steps, extra }: SoakOptions,
  onMark: (mark: MemoryMark) => void,
): Promise<readonly MemoryMark[]> {
  const stop = new AbortController();
  const done = { runs: 0, connections: 0 };
  const loops = Array.from({ length: users }, async (_, user) => {
    const token = await registerAt(server.url, `soak-${user}@example.com`);
    for (let visit = user; !stop.signal.aborted; visit += 1) {
      await visitOnce(server.url, token, visit);
      await extra?.();
      done.runs += 1;
      done.connections += visit % 3 === 2 ? 2 : 1;
      await pause(AWAY_MS * Math.random());
    }
  });
  // A loop that fails ends the measurement at once, not after its time.
  const failed = Promise.all(loops);
  const marks: MemoryMark[] = [];
  const startedMs = performance.now();
  for (let step = 1; step <= steps; step += 1) {
    await Promise.race([pause(startedMs + step * stepMs - performance.now()), failed]);
    const { rssBytes, heapBytes } = await server.report(true);
    const atMs = performance.now() - startedMs;
    const mark = { atMs, ...done, rssMib: rssBytes / MIB, heapMib: heapBytes / MIB };
    marks.push(mark);
    onMark(mark);
  }
  stop.abort();
  await failed;
  return marks;
}

/** One visit in three ends with a goodbye, one is cut off after its answer, one is cut off in the middle of the run and resumes it. */
async function visitOnce(url: string, token: string, visit: number): Promise<void> {
  const client = await connectAt(url, token);
  const asked = accepted.parse(await client.ask(messageOf(visit)));
  if (visit % 3 === 2) {
    client.terminate();
    await client.end();
    const back = await connectAt(url, token, '?follow=none');
    await back.ask({ type: 'subscribe', threads: [{ thread_id: asked.thread_id, after_seq: 0 }] });
    await back.next(({ run_id: id, final }) => id === asked.run_id && final === true, FINAL_MS);
    back.close();
    await back.end();
    return;
  }
  await client.next(({ run_id: id, final }) => id === asked.run_id && final === true, FINAL_MS);
  if (visit % 3 === 0) client.close();
  else client.terminate();
  await client.end();
}

/** What grew from the first mark to the last by more than its allowance. */
export function growths(
  marks: readonly MemoryMark[],
  allowedMib: Readonly<Record<'rssMib' | 'heapMib', number>>,
): string[] {
  const [first, last] = [marks[0], marks.at(-1)];
  if (first === undefined || last === undefined) throw new Error('nothing was measured');
  return (['rssMib', 'heapMib'] as const).flatMap((what) => {
    const more = last[what] - first[what];
    return more > allowedMib[what] ? [`${what} grew by ${more.toFixed(1)}, allowed are ${allowedMib[what]}`] : [];
  });
}
