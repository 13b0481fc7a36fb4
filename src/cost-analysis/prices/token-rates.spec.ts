import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { costNanoUsd, NO_FACTOR, rateCard } from './token-rates.js';

/** The same factor, which nothing is assumed about. */
const ONE = { numerator: 1n, denominator: 1n };

describe('costNanoUsd', () => {
  const tokens = fc.record({
    inputUncached: fc.oneof(fc.nat(3_000_000), fc.nat(2 ** 31 - 1)),
    cacheRead: fc.nat(3_000_000),
    cacheWrite5m: fc.nat(3_000_000),
    cacheWrite1h: fc.nat(3_000_000),
    output: fc.oneof(fc.nat(300_000), fc.maxSafeNat()),
  });
  // Six decimals have a short cut; seven have none.
  const rate = fc.oneof(fc.nat(99_999_999), fc.nat(999)).map((number) => number / 1e6);
  const odd = fc.nat(99_999).map((number) => number / 1e7);

  it('is the same with the short cut for usual prices as without it', () => {
    fc.assert(
      fc.property(tokens, fc.tuple(fc.oneof(rate, odd), rate, rate), (used, [input, read, output]) => {
        const { base: rates } = rateCard({ input_mtok: input, cache_read_mtok: read, output_mtok: output }, true);
        expect(costNanoUsd(used, 1, { rates, factor: NO_FACTOR })).toBe(costNanoUsd(used, 1, { rates, factor: ONE }));
      }),
      { seed: 11, numRuns: 2_000 },
    );
  });

  it('has the fee of a request in it', () => {
    const none = { inputUncached: 0, cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 0, output: 0 };
    const { base: rates } = rateCard({ input_mtok: 1, output_mtok: 1, requests_kcount: 5 }, false);
    expect(costNanoUsd(none, 3, { rates, factor: NO_FACTOR })).toBe(15_000_000n);
  });
});
