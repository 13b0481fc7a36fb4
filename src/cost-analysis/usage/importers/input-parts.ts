import { RejectedRow } from '../rejected-row.js';

export interface ReportedInput {
  readonly total?: number | undefined;
  readonly uncached?: number | undefined;
  readonly cacheRead?: number | undefined;
  readonly cacheWrite?: number | undefined;
  readonly cacheWrite1h?: number | undefined;
}

export interface InputParts {
  readonly inputUncached: number;
  readonly cacheRead: number;
  readonly cacheWrite5m: number;
  readonly cacheWrite1h: number;
}

/**
 * The disjoint parts of an input. OpenAI and Gemini report a total that includes what came from the cache, Anthropic one that doesn't;
 * taking one for the other is the classic double count. A total below its cached parts can only be meant without them.
 * `cacheWrite` includes the 1-hour writes.
 */
export function inputParts(reported: ReportedInput, totalIncludesCache = true): InputParts {
  const { cacheRead = 0, cacheWrite = 0, cacheWrite1h = 0 } = reported;
  if (cacheWrite1h > cacheWrite && cacheWrite > 0) throw new RejectedRow('more 1-hour cache writes than cache writes');
  const writes = Math.max(cacheWrite, cacheWrite1h);
  const cached = cacheRead + writes;
  const inputUncached = uncachedOf(reported, cached, totalIncludesCache);
  return { inputUncached, cacheRead, cacheWrite5m: writes - cacheWrite1h, cacheWrite1h };
}

function uncachedOf({ total, uncached }: ReportedInput, cached: number, totalIncludesCache: boolean): number {
  if (uncached !== undefined) {
    if (total !== undefined && total !== uncached + cached)
      throw new RejectedRow(`input ${total} is not uncached ${uncached} + cached ${cached}`);
    return uncached;
  }
  if (total === undefined) return 0;
  return totalIncludesCache && total >= cached ? total - cached : total;
}
