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

  it('are unknown where only cached ones are named', () => {
    expect(providerTokens({ usage: CACHED })).toBeUndefined();
  });
});
