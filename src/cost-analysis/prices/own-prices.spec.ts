import { describe, expect, it } from '@jest/globals';
import { OwnPrices } from './own-prices.js';
import { PriceBook } from './price-book.js';
import type { PriceableUsage } from './price-book.js';
import type { PriceOverride } from './price-override.js';

const book = new PriceBook();
const MILLION = 1_000_000;
const usage = (modelRaw: string, tokens: Partial<PriceableUsage> = {}): PriceableUsage => ({
  modelRaw,
  at: new Date('2026-01-15T12:00:00Z'),
  rowKind: 'request',
  inputUncached: 0,
  cacheRead: 0,
  cacheWrite5m: 0,
  cacheWrite1h: 0,
  output: 0,
  ...tokens,
});
/** The book of a tenant that negotiated this. */
const own = (override: Partial<PriceOverride>): PriceBook =>
  book.negotiated(
    new OwnPrices([
      {
        provider: 'openai',
        modelId: 'gpt-4o',
        validFrom: new Date(0),
        usdPerMillion: {},
        discountPercent: undefined,
        note: undefined,
        ...override,
      },
    ]),
  );

describe('OwnPrices', () => {
  it('replaces the rates that are given, and scales those of the cache with the input', () => {
    const prices = own({ usdPerMillion: { input: '1' } });
    // Listed: $2.50 input, $1.25 cache read, $10 output.
    expect(prices.price(usage('gpt-4o', { inputUncached: MILLION })).costNanoUsd).toBe(1_000_000_000n);
    expect(prices.price(usage('gpt-4o', { cacheRead: MILLION })).costNanoUsd).toBe(500_000_000n);
    expect(prices.price(usage('gpt-4o', { output: MILLION })).costNanoUsd).toBe(10_000_000_000n);
  });

  it('takes a discount off everything, and says in the version that it did', () => {
    const prices = own({ discountPercent: '12.5' });
    expect(prices.price(usage('gpt-4o', { inputUncached: MILLION, output: MILLION }))).toMatchObject({
      status: 'priced',
      costNanoUsd: 10_937_500_000n,
      priceVersion: 'genai-prices 0.1.8, own prices of 1970-01-01',
    });
  });

  it('keeps the discount of a batch on top', () => {
    const prices = own({ usdPerMillion: { input: '1' } });
    expect(prices.price(usage('gpt-4o', { inputUncached: MILLION, isBatch: true })).costNanoUsd).toBe(500_000_000n);
  });

  it('leaves other models, other hosts and earlier times alone', () => {
    const prices = own({ usdPerMillion: { input: '1' }, validFrom: new Date('2026-01-16T00:00:00Z') });
    for (const asked of [
      usage('gpt-4o', { inputUncached: MILLION }),
      usage('gpt-4o-mini', { inputUncached: MILLION }),
      usage('azure/gpt-4o', { inputUncached: MILLION, at: new Date('2026-02-01T00:00:00Z') }),
    ])
      expect(prices.price(asked)).toEqual(book.price(asked));
  });

  it('keeps the tiers for long calls, with a discount as with a rate, in proportion', () => {
    const model = { provider: 'google', modelId: 'gemini-2.5-pro' };
    const cost = (prices: PriceBook, tokens: Partial<PriceableUsage>) =>
      prices.price(usage('gemini-2.5-pro', tokens)).costNanoUsd;
    // Listed: $1.25 input, $0.125 cache read, $10 output; $2.50, $0.25 and $15 above 200,000 tokens of input.
    const long = { inputUncached: MILLION };
    expect(cost(book, long)).toBe(2_500_000_000n);
    expect(cost(own({ ...model, discountPercent: '50' }), long)).toBe(1_250_000_000n);
    const input = own({ ...model, usdPerMillion: { input: '1' } });
    expect(cost(input, { inputUncached: 200_000 })).toBe(200_000_000n);
    expect(cost(input, long)).toBe(2_000_000_000n);
    expect(cost(input, { cacheRead: MILLION })).toBe(200_000_000n);
    expect(cost(input, { ...long, output: MILLION })).toBe(17_000_000_000n);
    const output = own({ ...model, usdPerMillion: { output: '8', cacheRead: '0.1' } });
    expect(cost(output, { output: MILLION })).toBe(8_000_000_000n);
    expect(cost(output, { ...long, output: MILLION })).toBe(14_500_000_000n);
    expect(cost(output, { cacheRead: MILLION })).toBe(200_000_000n);
    expect(input.describeModel('gemini-2.5-pro', new Date('2026-01-15'))).toMatchObject({
      negotiated: true,
      dearerAboveInputTokens: 200_000,
      usdPerMillion: { input: '1.000000000', cacheRead: '0.100000000', output: '10.000000000' },
    });
  });

  it('makes a card once for all rows that it is asked for', () => {
    const rates = { input: 2n, cacheRead: 1n, cacheWrite5m: 2n, cacheWrite1h: 2n, output: 4n, request: 0n };
    const card = { base: rates, tiers: [], listsInput: true, listsOutput: true };
    const [first, later] = [new Date('2026-01-01'), new Date('2026-02-01')];
    const half = { provider: 'a', modelId: 'm', usdPerMillion: {}, discountPercent: '50', note: undefined };
    const prices = new OwnPrices([
      { ...half, validFrom: first },
      { ...half, validFrom: later, discountPercent: '100' },
    ]);
    const made = prices.ofListed(half, first, card);
    expect(made?.card.base.output).toBe(2n);
    expect(prices.ofListed(half, first, card)).toBe(made);
    expect(prices.ofListed(half, first, { ...card, base: { ...rates, output: 8n } })?.card.base.output).toBe(4n);
    expect(prices.ofListed(half, later, card)?.card.base.output).toBe(0n);
  });

  it('prices a model that no list has', () => {
    const prices = own({ provider: '', modelId: 'Acme-7b', usdPerMillion: { input: '0.5', output: '1' } });
    expect(prices.price(usage('acme-7b', { inputUncached: MILLION, output: MILLION }))).toMatchObject({
      status: 'priced',
      costNanoUsd: 1_500_000_000n,
      modelId: 'acme-7b',
    });
    expect(book.price(usage('acme-7b', { inputUncached: MILLION })).status).toBe('unpriced');
  });
});

describe('a bucket that says on which side of 200,000 tokens its calls were', () => {
  const bucket = (isLongContext: boolean | null) =>
    book.price(usage('gemini-2.5-pro', { rowKind: 'bucket', inputUncached: MILLION, isLongContext }));

  it('is priced exactly, without a number of requests', () => {
    expect(bucket(false)).toMatchObject({ status: 'priced', costNanoUsd: 1_250_000_000n });
    expect(bucket(true)).toMatchObject({ status: 'priced', costNanoUsd: 2_500_000_000n });
    expect(bucket(null)).toMatchObject({ status: 'tier_approximated', costNanoUsd: 1_250_000_000n });
  });
});
