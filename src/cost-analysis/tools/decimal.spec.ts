import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { estimateToNano, quotient, roundDecimal } from './decimal.js';

describe('exact decimals', () => {
  it('divide and round half away from zero', () => {
    expect(quotient(1n, 3n, 6)).toBe('0.333333');
    expect(quotient(2n, 3n, 6)).toBe('0.666667');
    expect(quotient(-1n, 8n, 2)).toBe('-0.13');
    expect(quotient(5n, 1n, 0)).toBe('5');
  });

  it('round the text of a number, up from the half', () => {
    expect(roundDecimal('96.791325000', 2)).toBe('96.79');
    expect(roundDecimal('0.005', 2)).toBe('0.01');
    expect(roundDecimal('-0.005', 2)).toBe('-0.01');
    expect(roundDecimal('-0.004', 2)).toBe('0.00');
    expect(roundDecimal('7', 2)).toBe('7.00');
    expect(roundDecimal('999.995', 2)).toBe('1000.00');
  });

  it('round as Math.round does for safe numbers of cents', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1_000_000_000 }), (thousandths) => {
        const text = quotient(BigInt(thousandths), 1000n, 3);
        expect(roundDecimal(text, 2)).toBe(quotient(BigInt(Math.floor((thousandths + 5) / 10)), 100n, 2));
      }),
    );
  });

  it('take estimates to the cent', () => {
    expect(estimateToNano(12.345678)).toBe(12_350_000_000n);
  });
});
