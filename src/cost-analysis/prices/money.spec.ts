import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { divideHalfUp, nanoUsdOf, scaledInteger, usdDecimal } from './money.js';

describe('money', () => {
  it('reads amounts exactly, in plain, scientific and dollar notation', () => {
    expect(nanoUsdOf('0.000035')).toBe(35_000n);
    expect(nanoUsdOf('3.5e-05')).toBe(35_000n);
    expect(nanoUsdOf('3.5000000000000004e-05')).toBe(35_000n);
    expect(nanoUsdOf('-1.5')).toBe(-1_500_000_000n);
    expect(nanoUsdOf('$1,234.50')).toBe(1_234_500_000_000n);
    expect(nanoUsdOf('12')).toBe(12_000_000_000n);
  });

  it('reads plain amounts, where a double would do, as exactly as all others', () => {
    const amount = fc.tuple(fc.nat(99_999), fc.nat(999_999_999), fc.integer({ min: 1, max: 9 }));
    fc.assert(
      fc.property(amount, ([whole, fraction, decimals]) => {
        const text = `${whole}.${String(fraction).padStart(9, '0').slice(0, decimals)}`;
        expect(nanoUsdOf(text)).toBe(scaledInteger(text, 9));
      }),
      { seed: 5, numRuns: 2_000 },
    );
  });

  it('takes nothing for an amount that is none', () => {
    for (const text of ['', '.', 'free', '1,5', '1.2.3', 'NaN', 'Infinity', '0x10', '1e9999', '=1+1', '€3']) {
      expect(nanoUsdOf(text)).toBeUndefined();
    }
  });

  it('rounds half up, once', () => {
    expect(scaledInteger('0.0000000005', 9)).toBe(1n);
    expect(scaledInteger('0.00000000049999', 9)).toBe(0n);
    expect(divideHalfUp(5n, 10n)).toBe(1n);
    expect(divideHalfUp(4n, 10n)).toBe(0n);
  });

  it('writes what it reads', () => {
    expect(usdDecimal(96_791_325_000n)).toBe('96.791325000');
    expect(usdDecimal(-1n)).toBe('-0.000000001');
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }), (nano) => nanoUsdOf(usdDecimal(nano)) === nano),
    );
  });
});
