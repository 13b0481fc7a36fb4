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
 * Whether a source's total includes what came from the cache, as OpenAI's and Gemini's do, or not, as Anthropic's. Gateways and tables copy
 * either: theirs is likely inclusive, and one below its cached parts can only be meant without them.
 */
export type InputTotal = 'inclusive' | 'exclusive' | 'likely_inclusive';

/**
 * The disjoint parts of an input: taking a total of one kind for the other is the classic double count. `cacheWrite` includes the 1-hour
 * writes. Throws RejectedRow on counts that contradict each other.
 */
export function inputParts(reported: ReportedInput, kind: InputTotal = 'likely_inclusive'): InputParts {
  const { cacheRead = 0, cacheWrite = 0, cacheWrite1h = 0 } = reported;
  if (cacheWrite1h > cacheWrite && cacheWrite > 0) throw new RejectedRow('more 1-hour cache writes than cache writes');
  const writes = Math.max(cacheWrite, cacheWrite1h);
  const cached = cacheRead + writes;
  const inputUncached = uncachedOf(reported, cached, kind);
  return { inputUncached, cacheRead, cacheWrite5m: writes - cacheWrite1h, cacheWrite1h };
}

function uncachedOf({ total, uncached }: ReportedInput, cached: number, kind: InputTotal): number {
  if (uncached !== undefined) {
    if (total !== undefined && total !== uncached + cached)
      throw new RejectedRow(`input ${total} is not uncached ${uncached} + cached ${cached}`);
    return uncached;
  }
  if (total === undefined) return 0;
  if (kind === 'inclusive' && total < cached) throw new RejectedRow('more cached than input tokens');
  return kind !== 'exclusive' && total >= cached ? total - cached : total;
}
