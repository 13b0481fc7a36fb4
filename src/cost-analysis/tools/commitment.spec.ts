import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { bestCommitment, committed } from './commitment.js';

describe('committing to a spend', () => {
  it('on even days saves the discount', () => {
    const best = bestCommitment([100, 100, 100, 100], 0.2);
    expect(best.dailyUsd).toBeCloseTo(80, 9);
    expect(best.savingUsd).toBeCloseTo(80, 9);
    expect(best.usedShare).toBeCloseTo(1, 9);
  });

  it('breaks even when a share of 1 − discount of it is used', () => {
    expect(committed([80, 80], 80, 0.2).savingUsd).toBeCloseTo(0, 9);
    expect(committed([80, 80], 80, 0.2).usedShare).toBeCloseTo(0.8, 9);
    expect(committed([70, 70], 80, 0.2).savingUsd).toBeCloseTo(-20, 9);
  });

  it('of the best size never loses, never saves more than the discount, and is beaten by no other size', () => {
    const days = fc.array(fc.integer({ min: 0, max: 1000 }), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(days, fc.integer({ min: 1, max: 60 }), fc.integer({ min: 0, max: 1000 }), (usd, percent, other) => {
        const discount = percent / 100;
        const best = bestCommitment(usd, discount).savingUsd;
        const total = usd.reduce((sum, one) => sum + one, 0);
        expect(best).toBeLessThanOrEqual(discount * total + 1e-6);
        // The quantile lies between two days; the optimum is at one of them.
        const steps = [...usd].sort((a, b) => a - b);
        const widest = Math.max(0, ...steps.map((one, at) => one - (steps[at - 1] ?? one)));
        expect(best).toBeGreaterThanOrEqual(committed(usd, other * (1 - discount), discount).savingUsd - widest - 1e-6);
      }),
    );
  });
});
