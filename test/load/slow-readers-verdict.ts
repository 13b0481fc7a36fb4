import { percentile } from './percentile.js';
import type { SlowReaderResult } from './slow-readers.js';

const MEGABYTE = 1024 * 1024;
const RATIO_MAX = 1.5;
const MEMORY_MAX_BYTES = 100 * MEGABYTE;

/** Of all rounds: one of them may have been disturbed. */
export const median = (rounds: readonly number[]): number => percentile(rounds, 0.5);

/** The p99 that readers may have beside stalled ones, where it is `withoutMs` alone. `slackMs`: what differs anyway from time to time. */
export const p99LimitMs = (withoutMs: number, slackMs: number): number =>
  Math.max(RATIO_MAX * withoutMs, withoutMs + slackMs);

/** What stalled readers did to the others that they must not, a line each. */
export function slowReaderFailures(result: SlowReaderResult, slackMs: number): string[] {
  const besideMs = median(result.p99WithMs);
  const limitMs = p99LimitMs(median(result.p99WithoutMs), slackMs);
  const memory = Object.entries({ heap: median(result.heapGrowthBytes), RSS: median(result.rssGrowthBytes) });
  return [
    ...(besideMs <= limitMs ? [] : [`p99 beside stalled readers is ${besideMs} ms, more than ${limitMs} ms`]),
    ...memory.flatMap(([what, bytes]) =>
      bytes <= MEMORY_MAX_BYTES
        ? []
        : [`the server's ${what} grew by ${(bytes / MEGABYTE).toFixed(1)} MB, more than 100`],
    ),
  ];
}
