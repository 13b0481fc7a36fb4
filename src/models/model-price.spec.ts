import { describe, expect, it } from '@jest/globals';
import type { LanguageModelV3Usage } from '@ai-sdk/provider';
import { priceCall } from './model-price.js';

const at = new Date('2026-01-05T00:00:00Z');
const used = (input: number | undefined, cacheRead: number, output: number): LanguageModelV3Usage => ({
  inputTokens: { total: input, noCache: undefined, cacheRead, cacheWrite: 0 },
  outputTokens: { total: output, text: output, reasoning: 0 },
});

describe('priceCall', () => {
  it('prices a call in nano-USD, cached input at its own rate', () => {
    // 900 × $2.50/M + 100 × $1.25/M + 100 × $10/M
    const usage = priceCall({ model: 'gpt-4o', provider: 'openai', usage: used(1_000, 100, 100), at });
    expect(usage).toEqual({ inputTokens: 1_000, outputTokens: 100, costNanoUsd: 3_375_000n, model: 'gpt-4o' });
  });

  it("knows a model behind a gateway's name for it", () => {
    const usage = priceCall({ model: 'openai/gpt-4o', provider: 'openai-compatible', usage: used(1_000, 0, 0), at });
    expect(usage.costNanoUsd).toBe(2_500_000n);
  });

  it.each([
    ['an unknown model', 'house-model', used(1_000, 0, 100)],
    ['no token counts', 'gpt-4o', used(undefined, 0, 100)],
    ['counts that contradict each other', 'gpt-4o', used(10, 1_000, 100)],
  ])('leaves %s unpriced', (_, model, usage) => {
    expect(priceCall({ model, provider: 'openai-compatible', usage, at }).costNanoUsd).toBeNull();
  });
});
