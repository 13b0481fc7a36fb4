import { describe, expect, it } from '@jest/globals';
import { providerTokens } from './provider-tokens.js';

const CACHED = { cache_read_input_tokens: 300, cache_creation_input_tokens: 100 };

describe('the tokens of an answer', () => {
  it("leave cached ones out of the input where the usage is Anthropic's own", () => {
    expect(providerTokens({ usage: { input_tokens: 1000, output_tokens: 50, ...CACHED } })).toMatchObject({
      inputUncached: 1000,
      cacheRead: 300,
      cacheWrite5m: 100,
      output: 50,
    });
  });

  it('include them where a gateway puts the same names beside prompt_tokens', () => {
    const tokens = { prompt_tokens: 1000, completion_tokens: 500 };
    expect(providerTokens({ usage: { ...tokens, ...CACHED } })).toMatchObject({
      inputUncached: 600,
      cacheRead: 300,
      cacheWrite5m: 100,
      output: 500,
    });
    const none = { cache_read_input_tokens: 0, cache_creation_input_tokens: 0 };
    expect(providerTokens({ usage: { ...tokens, ...none } })).toMatchObject({ inputUncached: 1000, output: 500 });
  });

  it('are refused where more of them are cached than there are, and the shape includes the cached ones', () => {
    const details = { cached_tokens: 300 };
    for (const body of [
      { usageMetadata: { promptTokenCount: 100, cachedContentTokenCount: 300 } },
      { usage: { prompt_tokens: 100, prompt_tokens_details: details } },
      { usage: { input_tokens: 100, input_tokens_details: details } },
    ])
      expect(() => providerTokens(body)).toThrow('more cached than input tokens');
    const all = { usageMetadata: { promptTokenCount: 300, cachedContentTokenCount: 300 } };
    expect(providerTokens(all)).toMatchObject({ inputUncached: 0, cacheRead: 300 });
  });

  it('leave cached ones out where a gateway sets a total below them beside the names of Anthropic', () => {
    expect(providerTokens({ usage: { prompt_tokens: 100, ...CACHED } })).toMatchObject({
      inputUncached: 100,
      cacheRead: 300,
    });
  });

  it('are unknown where only cached ones are named', () => {
    expect(providerTokens({ usage: CACHED })).toBeUndefined();
  });
});
