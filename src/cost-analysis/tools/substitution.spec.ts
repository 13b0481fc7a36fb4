import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { PriceBook } from '../prices/price-book.js';
import { adopted, substitute, worthTesting, type TokenSegment } from './substitution.js';

const prices = new PriceBook();
const last = new Date('2025-06-01T00:00:00Z');

const segment = (changes: Partial<TokenSegment> = {}): TokenSegment => ({
  feature: null,
  model: 'gpt-4o',
  provider: 'openai',
  isBatch: null,
  serviceTier: null,
  costNano: 3_500_000_000n,
  inputUncached: 1_000_000,
  cacheRead: 0,
  cacheWrite5m: 0,
  cacheWrite1h: 0,
  output: 100_000,
  requests: 1000,
  inputWindow: 4000,
  last,
  ...changes,
});

const mini = () => {
  const model = prices.describeModel('gpt-4o-mini', last);
  if (model === undefined) throw new Error('the catalogue lost gpt-4o-mini');
  return model;
};

describe('substituting a model', () => {
  it('prices the same tokens: a million in at $0.15, a tenth out at $0.60', () => {
    const result = substitute([segment()], mini(), prices);
    expect(result).toMatchObject({
      from: 'gpt-4o',
      costThenNano: 210_000_000n,
      savingNano: 3_290_000_000n,
      fits: true,
    });
  });

  it('needs a context window for ninety-nine of a hundred inputs', () => {
    expect(substitute([segment({ inputWindow: 128_001 })], mini(), prices)?.fits).toBe(false);
    expect(substitute([segment({ inputWindow: null })], mini(), prices)?.fits).toBeNull();
  });

  it('takes only a share of the saving', () => {
    expect(adopted(3_290_000_000n, 30)).toBe(987_000_000n);
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 18n }), fc.integer({ min: 1, max: 95 }), (saving, percent) => {
        expect(adopted(saving, percent)).toBeLessThanOrEqual(saving);
      }),
    );
  });

  it('suggests the nearest model that saves enough, never one that does not fit', () => {
    const base = substitute([segment()], mini(), prices);
    if (base === undefined) throw new Error('not priced');
    const small = { ...base, savingNano: 100_000_000n };
    const large = { ...base, savingNano: 2_000_000_000n };
    const larger = { ...base, savingNano: 3_000_000_000n };
    expect(worthTesting([small, large, larger])).toBe(large);
    expect(worthTesting([small])).toBe(small);
    expect(worthTesting([{ ...larger, fits: false }, large])).toBe(large);
    expect(worthTesting([{ ...base, savingNano: -1n }])).toBeUndefined();
  });
});
