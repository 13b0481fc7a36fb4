import { describe, expect, it } from '@jest/globals';
import { prefixReuse } from './prefix-reuse.js';

describe('what a prompt cache could have served', () => {
  it('counts the leading blocks that were sent within five minutes before, from 1,024 tokens up, never more than the prompt', () => {
    const calls = [
      { timestampMs: 0, input: 1_500, blocks: [1, 2, 3] },
      { timestampMs: 1_000, input: 1_500, blocks: [1, 2, 3] },
      { timestampMs: 2_000, input: 1_100, blocks: [1, 9, 8] },
      { timestampMs: 400_000, input: 1_500, blocks: [1, 2, 3] },
      { timestampMs: 400_001, input: 600, blocks: [1, 7] },
    ];
    expect(prefixReuse(calls)).toEqual({ cacheableTokens: 5_600, servedTokens: 1_500 });
  });
});
