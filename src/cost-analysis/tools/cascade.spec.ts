import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { breakEvenMillionths, cascadeSaving } from './cascade.js';

describe('asking a cheap model first', () => {
  const cascade = { cheapNano: 100n, strongNano: 1_000n, checkPercent: 10 };

  it('pays until so many are passed on: 1 − 1.1 × 0.1', () => {
    expect(breakEvenMillionths(cascade)).toBe(890_000n);
    expect(cascadeSaving(cascade, 20)).toBe(690n);
    expect(cascadeSaving(cascade, 89)).toBe(0n);
    expect(cascadeSaving(cascade, 95)).toBe(-60n);
  });

  it('never pays with a cheap model that costs as much', () => {
    expect(breakEvenMillionths({ ...cascade, cheapNano: 1_000n })).toBe(-100_000n);
  });

  it('saves below the break-even and loses above it', () => {
    const nano = fc.bigInt(10n ** 9n, 10n ** 15n);
    const any = fc.record({ cheapNano: nano, strongNano: nano, checkPercent: fc.integer({ min: 0, max: 50 }) });
    fc.assert(
      fc.property(any, fc.integer({ min: 0, max: 100 }), (one, escalated) => {
        const saving = cascadeSaving(one, escalated);
        const below = breakEvenMillionths(one) - BigInt(escalated) * 10_000n;
        if (below > 1n) expect(saving > 0n).toBe(true);
        if (below < -1n) expect(saving < 0n).toBe(true);
        expect(saving <= one.strongNano).toBe(true);
      }),
    );
  });
});
