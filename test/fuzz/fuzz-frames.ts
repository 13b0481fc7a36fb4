import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { fuzzFrames, type FuzzFrame, type KnownIds } from './frames.js';
import { FuzzSocket } from './fuzz-socket.js';

const BATCH_FRAMES = 50;
const SOCKETS = 4;

export interface FrameTarget {
  readonly socketUrl: string;
  readonly token: string;
  readonly known: KnownIds;
}

export interface FrameTotals {
  handled: number;
  sent: number;
  /** Connections that the server ended, by close code. */
  readonly closed: Map<number, number>;
}

/**
 * Sends generated frames over several connections until `frames` were handled; a connection that the server ends is replaced. The seed
 * decides the frames; the order in which the connections' frames meet does not repeat. Throws with the batch that broke a promise.
 */
export async function throwFrames(target: FrameTarget, frames: number, seed: number): Promise<FrameTotals> {
  const totals: FrameTotals = { handled: 0, sent: 0, closed: new Map() };
  const batches = batchesOf(target.known, seed);
  await Promise.all(
    Array.from({ length: SOCKETS }, async () => {
      let socket = await FuzzSocket.open(target.socketUrl, target.token);
      while (totals.handled < frames) {
        const batch = batches.next().value;
        const { handled, closeCode } = await blamed(batch, () => socket.batch(batch));
        totals.handled += handled;
        totals.sent += batch.length;
        if (closeCode === undefined) continue;
        totals.closed.set(closeCode, (totals.closed.get(closeCode) ?? 0) + 1);
        socket = await FuzzSocket.open(target.socketUrl, target.token);
      }
      socket.close();
    }),
  );
  return totals;
}

function* batchesOf(known: KnownIds, seed: number): Generator<FuzzFrame[], never> {
  const batch = fc.array(fuzzFrames(known), { minLength: BATCH_FRAMES, maxLength: BATCH_FRAMES, size: 'max' });
  for (let round = 0; ; round += 1) yield* fc.sample(batch, { seed: seed + round, numRuns: 20 });
}

/** Keeps the batch that the server did not stand: the last one before the failure, on this connection. */
async function blamed<Result>(batch: readonly FuzzFrame[], work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    const file = join(tmpdir(), `goldenpath-fuzz-batch-${process.pid}.json`);
    await writeFile(file, JSON.stringify(batch, undefined, 1));
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(`${why}\nafter one of the frames in ${file}`, { cause: error });
  }
}
