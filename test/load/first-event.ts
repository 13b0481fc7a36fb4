import { checked, QUESTION } from './closed-loop.js';
import type { LoadClient } from './load-client.js';
import { percentile } from './percentile.js';

export interface FirstEventResult {
  readonly runs: number;
  readonly startedP50Ms: number;
  readonly startedP99Ms: number;
  readonly runP50Ms: number;
}

/** One client alone, one question after the other: how long until the first agent is seen to work. */
export async function firstEvent(
  client: LoadClient,
  { warmUpRuns, runs }: { warmUpRuns: number; runs: number },
): Promise<FirstEventResult> {
  for (let run = 0; run < warmUpRuns; run += 1) await client.ask(QUESTION);
  const startedMs: number[] = [];
  const finishedMs: number[] = [];
  for (let run = 0; run < runs; run += 1) {
    const answer = checked(await client.ask(QUESTION));
    startedMs.push(answer.startedMs);
    finishedMs.push(answer.finishedMs);
  }
  return {
    runs,
    startedP50Ms: percentile(startedMs, 0.5),
    startedP99Ms: percentile(startedMs, 0.99),
    runP50Ms: percentile(finishedMs, 0.5),
  };
}
