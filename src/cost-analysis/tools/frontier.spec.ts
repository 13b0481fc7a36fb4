import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isOutdone } from './frontier.js';

describe('the frontier of price and performance', () => {
  it('leaves out what is dearer and no better', () => {
    const all = [
      { cost: 1, score: 50 },
      { cost: 5, score: 90 },
      { cost: 6, score: 80 },
      { cost: 5, score: 90 },
      { cost: 5, score: 89 },
    ];
    expect(all.map((_, at) => isOutdone(all, at))).toEqual([false, false, true, false, true]);
  });

  it('is never empty, and holds the cheapest of the best', () => {
    const point = fc.record({ cost: fc.integer({ min: 0, max: 9 }), score: fc.integer({ min: 0, max: 9 }) });
    fc.assert(
      fc.property(fc.array(point, { minLength: 1, maxLength: 12 }), (all) => {
        expect(all.some((_, at) => !isOutdone(all, at))).toBe(true);
        const best = Math.max(...all.map(({ score }) => score));
        const cheapest = Math.min(...all.filter(({ score }) => score === best).map(({ cost }) => cost));
        expect(
          isOutdone(
            all,
            all.findIndex(({ cost, score }) => score === best && cost === cheapest),
          ),
        ).toBe(false);
      }),
    );
  });
});
