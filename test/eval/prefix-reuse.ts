/** A call as a trace with prefix blocks has it: an id stands for 512 tokens and all before them. */
export interface BlockCall {
  readonly timestampMs: number;
  readonly input: number;
  readonly blocks: readonly number[];
}

const BLOCK_TOKENS = 512;
const TIME_TO_LIVE_MS = 5 * 60_000;
/** What OpenAI keeps at the least. */
const CACHED_MIN = 1024;

export interface PrefixReuse {
  /** Input of calls long enough to be cached at all. */
  readonly cacheableTokens: number;
  /** Of it: leading blocks that were sent within five minutes before, where they are together long enough. */
  readonly servedTokens: number;
}

/** What a cache with a time to live of five minutes could have served, call by call, from the ids alone. */
export function prefixReuse(calls: readonly BlockCall[]): PrefixReuse {
  const lastSeen = new Map<number, number>();
  const reuse = { cacheableTokens: 0, servedTokens: 0 };
  for (const { timestampMs, input, blocks } of calls.filter((one) => one.input >= CACHED_MIN)) {
    const fresh = blocks.findIndex((block) => timestampMs - (lastSeen.get(block) ?? -Infinity) > TIME_TO_LIVE_MS);
    const prefix = Math.min(input, (fresh < 0 ? blocks.length : fresh) * BLOCK_TOKENS);
    reuse.cacheableTokens += input;
    if (prefix >= CACHED_MIN) reuse.servedTokens += prefix;
    for (const block of blocks) lastSeen.set(block, timestampMs);
  }
  return reuse;
}
