/** A call as a trace with prefix blocks has it: an id stands for 512 tokens and all before them. */
export interface BlockCall {
  readonly timestampMs: number;
  readonly input: number;
  readonly blocks: readonly number[];
}

const BLOCK_TOKENS = 512;
const TIME_TO_LIVE_MS = 5 * 60_000;
const CACHED_MIN = 1024;

export interface PrefixReuse {
  readonly inputTokens: number;
  /** Of calls long enough to be cached at all: tokens of blocks that were sent within five minutes before. */
  readonly reusedTokens: number;
  /** The same, and only where the part that comes again is itself long enough. */
  readonly servedTokens: number;
}

/** What a cache with a time to live of five minutes could have served, call by call, from the ids alone. */
export function prefixReuse(calls: readonly BlockCall[]): PrefixReuse {
  const lastSeen = new Map<number, number>();
  const reuse = { inputTokens: 0, reusedTokens: 0, servedTokens: 0 };
  for (const { timestampMs, input, blocks } of calls) {
    const fresh = blocks.findIndex((block) => timestampMs - (lastSeen.get(block) ?? -Infinity) > TIME_TO_LIVE_MS);
    const prefix = Math.min(input, (fresh < 0 ? blocks.length : fresh) * BLOCK_TOKENS);
    reuse.inputTokens += input;
    if (input >= CACHED_MIN) reuse.reusedTokens += prefix;
    if (prefix >= CACHED_MIN) reuse.servedTokens += prefix;
    for (const block of blocks) lastSeen.set(block, timestampMs);
  }
  return reuse;
}
