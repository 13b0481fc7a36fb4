import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { combine } from './combine.js';
import { SAVING_KINDS, segmentKey, type Measure, type SavingKind } from './saving.js';

const segment = (feature: string) => ({ model: 'm', provider: null, feature });
const measure = (kind: SavingKind, amounts: Record<string, readonly [bigint, bigint]>): Measure => ({
  kind,
  model: null,
  toModel: null,
  coveredNano: 0n,
  savings: Object.entries(amounts).map(([feature, [lowNano, highNano]]) => ({
    segment: segment(feature),
    lowNano,
    highNano,
  })),
});
const spendOn = (amounts: Record<string, bigint>): Map<string, bigint> =>
  new Map(Object.entries(amounts).map(([feature, nano]) => [segmentKey(segment(feature)), nano]));

describe('savings together', () => {
  it('are taken from what the ones before left, in the fixed order', () => {
    const batch = measure('batch', { chat: [50n, 50n] });
    const retry = measure('retry', { chat: [20n, 20n] });
    const { measures, gross, net, overlap } = combine(spendOn({ chat: 100n }), [batch, retry]);
    expect(measures.map(({ measure: { kind } }) => kind)).toEqual(['retry', 'batch']);
    // 20 first; then half of the 80 that are left.
    expect(measures.map((one) => one.net.highNano)).toEqual([20n, 40n]);
    expect([gross.highNano, net.highNano, overlap.highNano]).toEqual([70n, 60n, 10n]);
  });

  it('on different segments do not overlap', () => {
    const measures = [measure('retry', { chat: [10n, 20n] }), measure('batch', { nightly: [5n, 50n] })];
    const { gross, net, overlap } = combine(spendOn({ chat: 100n, nightly: 100n }), measures);
    expect(net).toEqual(gross);
    expect(overlap).toEqual({ lowNano: 0n, highNano: 0n });
  });

  it('never count a loss, nor more than was spent', () => {
    const measures = [measure('caching', { chat: [-30n, 300n] }), measure('batch', { unknown: [1n, 9n] })];
    expect(combine(spendOn({ chat: 100n }), measures).net).toEqual({ lowNano: 0n, highNano: 100n });
  });

  it('hold whatever the amounts: net ≤ gross, net ≤ spend, low ≤ high, parts add up', () => {
    const nano = fc.bigInt(-(10n ** 6n), 10n ** 12n);
    const features = ['a', 'b', 'c'];
    const anyMeasure = fc
      .tuple(fc.constantFrom(...SAVING_KINDS), fc.array(fc.tuple(fc.constantFrom(...features), nano, nano)))
      .map(([kind, parts]) =>
        measure(kind, Object.fromEntries(parts.map(([feature, a, b]) => [feature, a < b ? [a, b] : [b, a]]))),
      );
    const anySpend = fc.tuple(nano, nano, nano).map((all) => all.map((one) => (one < 0n ? 0n : one)));
    fc.assert(
      fc.property(anySpend, fc.array(anyMeasure, { maxLength: 8 }), (amounts, measures) => {
        const spend = spendOn(Object.fromEntries(features.map((feature, at) => [feature, amounts[at] ?? 0n])));
        const { measures: combined, gross, net, overlap } = combine(spend, measures);
        const whole = amounts.reduce((total, one) => total + one, 0n);
        expect(net.highNano <= gross.highNano && net.highNano <= whole && net.lowNano >= 0n).toBe(true);
        expect(net.lowNano <= net.highNano && overlap.lowNano >= 0n).toBe(true);
        for (const one of combined) expect(one.net.highNano <= one.gross.highNano).toBe(true);
        const parts = combined.reduce((total, one) => total + one.gross.highNano, 0n);
        expect(parts).toBe(gross.highNano);
        const atLow = combined.reduce((total, one) => total + one.netAtLowNano, 0n);
        expect(atLow).toBe(net.lowNano);
      }),
    );
  });
});
