import { describe, expect, it } from '@jest/globals';
import { calcPrice, findProvider } from '@pydantic/genai-prices';
import fc from 'fast-check';
import { PriceBook } from './price-book.js';
import type { PriceableUsage } from './price-book.js';
import { SUBSTITUTES } from './substitutes.table.js';
import { TIER_FACTORS } from './tier-factor.table.js';

const book = new PriceBook();
const NONE = { inputUncached: 0, cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 0, output: 0 };
const AT = new Date('2026-01-15T12:00:00Z');

const request = (modelRaw: string, usage: Partial<PriceableUsage> = {}): PriceableUsage => ({
  ...NONE,
  modelRaw,
  at: AT,
  rowKind: 'request',
  ...usage,
});

describe('PriceBook', () => {
  it('prices tokens exactly where floats do not', () => {
    expect(book.price(request('gpt-4o-mini', { inputUncached: 1, output: 1 })).costNanoUsd).toBe(750n);
    expect(book.price(request('gpt-4o', { inputUncached: 374, output: 44 }))).toEqual({
      status: 'priced',
      costNanoUsd: 1_375_000n,
      provider: 'openai',
      modelId: 'gpt-4o',
      priceVersion: 'genai-prices 0.1.8',
    });
  });

  it('rounds a row once, half up', () => {
    // Nova Micro reads its cache at $0.00875 a million: 8.75 nano-USD a token.
    expect(book.price(request('amazon.nova-micro-v1:0', { provider: 'aws', cacheRead: 2 })).costNanoUsd).toBe(18n);
    expect(book.price(request('amazon.nova-micro-v1:0', { provider: 'aws', cacheRead: 1 })).costNanoUsd).toBe(9n);
  });

  it('prices cache reads and both kinds of cache writes of Anthropic', () => {
    const tokens = { cacheRead: 1_000_000, cacheWrite5m: 1_000_000, cacheWrite1h: 1_000_000 };
    // 0.10 + 1.25 + 2.00; a bucket of 1,000, so that no call is over a threshold
    expect(book.price(request('claude-haiku-4-5', tokens)).costNanoUsd).toBe(3_350_000_000n);
  });

  it('takes twice the input price for 1-hour writes where the catalogue lists none', () => {
    const model = 'us.anthropic.claude-3-5-sonnet-20241022-v2:0';
    expect(book.price(request(model, { provider: 'bedrock', cacheWrite1h: 1_000 })).costNanoUsd).toBe(6_000_000n);
  });

  it('applies the tier of a long call to the whole call, strictly above the threshold', () => {
    const at = (input: number) =>
      book.price(request('gemini-2.5-pro', { inputUncached: input, output: 10 })).costNanoUsd;
    expect(at(200_000)).toBe(200_000n * 1_250n + 10n * 10_000n);
    expect(at(200_001)).toBe(200_001n * 2_500n + 10n * 15_000n);
  });

  it('prices a bucket by its mean call', () => {
    const bucket = request('gemini-2.5-pro', { rowKind: 'bucket', inputUncached: 1_000_000, output: 50_000 });
    const base = 1_000_000n * 1_250n + 50_000n * 10_000n;
    expect(book.price({ ...bucket, requests: 100 })).toMatchObject({ status: 'priced', costNanoUsd: base });
    expect(book.price({ ...bucket, requests: 4 })).toMatchObject({
      status: 'priced',
      costNanoUsd: 1_000_000n * 2_500n + 50_000n * 15_000n,
    });
    expect(book.price({ ...bucket, requests: null })).toMatchObject({ status: 'tier_approximated', costNanoUsd: base });
    expect(book.price({ ...bucket, requests: 0 })).toMatchObject({ status: 'tier_approximated' });
    expect(book.price({ ...bucket, requests: null, inputUncached: 200_000 })).toMatchObject({ status: 'priced' });
  });

  it('adds the fee of each request', () => {
    const sonar = request('sonar', { provider: 'perplexity', rowKind: 'bucket', requests: 10, inputUncached: 1_000 });
    expect(book.price(sonar).costNanoUsd).toBe(1_000n * 1_000n + 10n * 12_000_000n);
    expect(book.price({ ...sonar, requests: null })).toMatchObject({ status: 'tier_approximated' });
  });

  it('knows batch, flex and priority, and says when it does not', () => {
    const usage = request('gpt-4o-mini', { inputUncached: 1_000_000 });
    expect(book.price({ ...usage, isBatch: true })).toMatchObject({ status: 'priced', costNanoUsd: 75_000_000n });
    expect(book.price({ ...usage, serviceTier: 'flex' })).toMatchObject({ status: 'priced', costNanoUsd: 75_000_000n });
    expect(book.price({ ...usage, serviceTier: 'priority' })).toMatchObject({
      status: 'priced',
      costNanoUsd: 250_000_000n,
    });
    expect(book.price({ ...usage, serviceTier: 'default' })).toMatchObject({
      status: 'priced',
      costNanoUsd: 150_000_000n,
    });
    expect(book.price({ ...usage, serviceTier: 'scale' })).toMatchObject({
      status: 'tier_approximated',
      costNanoUsd: 150_000_000n,
      reason: 'no price is known for tier scale: standard price',
    });
    expect(book.price({ ...usage, isBatch: true, at: new Date('2024-01-01') })).toMatchObject({
      status: 'tier_approximated',
    });
  });

  it('uses the price of the day', () => {
    const o3 = (day: string) => book.price(request('o3', { inputUncached: 1_000, at: new Date(day) })).costNanoUsd;
    expect(o3('2025-06-09T23:59:59.999Z')).toBe(10_000_000n);
    expect(o3('2025-06-10T00:00:00Z')).toBe(2_000_000n);
  });

  it('never makes an unknown price zero', () => {
    expect(book.price(request('acme-7b', { inputUncached: 5 }))).toMatchObject({ status: 'unpriced' });
    expect(book.price({ ...request('x', { inputUncached: 5 }), modelRaw: undefined })).toMatchObject({
      status: 'unpriced',
    });
    expect(book.price(request('whisper-large-v3', { provider: 'groq', inputUncached: 5 }))).toMatchObject({
      status: 'unpriced',
    });
    expect(book.price(request('text-embedding-3-small', { provider: 'openai', output: 5 }))).toMatchObject({
      status: 'unpriced',
    });
  });

  it.each([-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53])('calls %p tokens invalid', (output) => {
    expect(book.price(request('gpt-4o', { output }))).toMatchObject({ status: 'invalid' });
  });

  it('calls a time that is none invalid', () => {
    expect(book.price(request('gpt-4o', { at: new Date('never') }))).toMatchObject({ status: 'invalid' });
  });

  it('describes a model', () => {
    expect(book.describeModel('openai/gpt-4o-mini', AT)).toMatchObject({
      modelId: 'gpt-4o-mini',
      contextWindow: 128_000,
      usdPerMillion: { input: '0.150000000', cacheRead: '0.075000000', output: '0.600000000' },
      dearerAboveInputTokens: undefined,
    });
    expect(book.describeModel('gemini-2.5-pro', AT)?.dearerAboveInputTokens).toBe(200_000);
    expect(book.describeModel('acme-7b', AT)).toBeUndefined();
  });

  it('offers cheaper models only, of the same provider first', () => {
    const candidates = book.cheaperCandidates('gpt-4o', AT);
    const ids = candidates.map((candidate) => candidate.modelId);
    expect(ids).toContain('gpt-5-mini');
    expect(ids).not.toContain('gpt-4o');
    expect(candidates.findLastIndex(({ provider }) => provider === 'openai')).toBeLessThan(
      candidates.findIndex(({ provider }) => provider !== 'openai'),
    );
    expect(book.cheaperCandidates('gpt-5-nano', AT)).toEqual([]);
    expect(book.cheaperCandidates('acme-7b', AT)).toEqual([]);
  });

  it('has in its tables only what the catalogue has', () => {
    for (const { provider, modelId } of SUBSTITUTES)
      expect(book.describeModel(modelId, AT, provider)?.modelId).toBe(modelId);
    for (const { provider, modelId } of TIER_FACTORS) {
      if (modelId !== undefined) expect(book.describeModel(modelId, AT, provider)?.modelId).toBe(modelId);
    }
  });

  it('agrees with the catalogue on every model, day and mix of tokens', () => {
    const models = [
      'openai',
      'anthropic',
      'google',
      'aws',
      'azure',
      'deepseek',
      'mistral',
      'perplexity',
      'openrouter',
    ].flatMap((id) =>
      (findProvider({ providerId: id })?.models ?? []).map((model) => ({ provider: id, model: model.id })),
    );
    const count = fc.nat({ max: 300_000 });
    const tokens = fc.record({ inputUncached: count, cacheRead: count, cacheWrite5m: count, output: count });
    const time = fc.date({ min: new Date('2023-01-01'), max: new Date('2027-06-01'), noInvalidDate: true });
    fc.assert(
      fc.property(fc.constantFrom(...models), tokens, time, ({ provider, model }, counts, at) => {
        const own = book.price({ ...NONE, ...counts, modelRaw: model, provider, at, rowKind: 'request' });
        if (own.costNanoUsd === undefined) return;
        const input = counts.inputUncached + counts.cacheRead + counts.cacheWrite5m;
        const usage = {
          input_tokens: input,
          cache_read_tokens: counts.cacheRead,
          cache_write_tokens: counts.cacheWrite5m,
        };
        const theirs = calcPrice({ ...usage, output_tokens: counts.output }, model, {
          providerId: provider,
          timestamp: at,
        });
        // Some ids of the catalogue are none of the names that it knows.
        expect(theirs?.model.id ?? model).toBe(own.modelId);
        if (theirs !== null) expect(Math.abs(Number(own.costNanoUsd) / 1e9 - theirs.total_price)).toBeLessThan(1e-8);
      }),
      { numRuns: 2_000, seed: 20261121 },
    );
  });
});
