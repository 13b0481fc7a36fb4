import type { Database } from '../../src/persistence/database.js';
import { append, liveRun, newEventLog } from '../support/event-log.js';
import { percentile } from './percentile.js';
import { thoughtOf } from './stored-events.js';

const WARM_UP_MS = 2_000;
const MEASURE_MS = 5_000;

export interface WritersResult {
  readonly writers: number;
  readonly eventsPerSecond: number;
  readonly appendP50Ms: number;
  readonly appendP99Ms: number;
}

/** Concurrent runs that append to the real event log, fenced, each the next event when the one before is on disk. */
export async function eventWriters(database: Database, writers: number): Promise<WritersResult> {
  const log = newEventLog(database);
  const runs = await Promise.all(Array.from({ length: writers }, () => liveRun(database)));
  const startMs = performance.now();
  const fromMs = startMs + WARM_UP_MS;
  const untilMs = fromMs + MEASURE_MS;
  const durationsMs: number[] = [];
  const write = async (run: (typeof runs)[number]): Promise<void> => {
    const payload = thoughtOf(run);
    for (let sentMs = performance.now(); sentMs < untilMs;) {
      await log.append(append(run, payload));
      const storedMs = performance.now();
      if (storedMs >= fromMs && storedMs < untilMs) durationsMs.push(storedMs - sentMs);
      sentMs = storedMs;
    }
  };
  await Promise.all(runs.map(write));
  // Nobody is at work on them: the next server must not take them over.
  await database.execute(`UPDATE run SET state = 'completed', finished_at = now() WHERE id = ANY($1::uuid[])`, [
    runs.map(({ runId }) => runId),
  ]);
  return {
    writers,
    eventsPerSecond: durationsMs.length / (MEASURE_MS / 1_000),
    appendP50Ms: percentile(durationsMs, 0.5),
    appendP99Ms: percentile(durationsMs, 0.99),
  };
}
