import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { forecastSpend } from './forecast.js';

describe('a forecast', () => {
  it('is a plain run rate without a range under fourteen days', () => {
    expect(forecastSpend([10, 20, 30], 30)).toEqual({
      method: 'run rate',
      totalUsd: 600,
      dailyUsd: 20,
      backtests: 0,
      testedDays: 0,
    });
    expect(forecastSpend([10, 20], 30)).toBeUndefined();
  });

  it('of a week that repeats is that week', () => {
    const values = Array.from({ length: 70 }, (_, at) => (at % 7 >= 5 ? 40 : 100));
    const forecast = forecastSpend(values, 28);
    expect(forecast?.totalUsd).toBeCloseTo(4 * 580, 6);
    expect(forecast?.errorPercent).toBeCloseTo(0, 6);
    expect(forecast?.interval?.lowUsd).toBeCloseTo(2320 * 0.99, 3);
    expect(forecast?.interval?.highUsd).toBeCloseTo(2320 * 1.01, 3);
  });

  it('follows growth, and its range holds the truth', () => {
    const grown = (at: number): number => 100 + at + (at % 7 >= 5 ? -30 : 0);
    const forecast = forecastSpend(
      Array.from({ length: 84 }, (_, at) => grown(at)),
      14,
    );
    const truth = Array.from({ length: 14 }, (_, step) => grown(84 + step)).reduce((a, b) => a + b, 0);
    expect(Math.abs((forecast?.totalUsd ?? 0) / truth - 1)).toBeLessThan(0.05);
  });

  it('lies in the middle of its range, also where every backtest fell on one side', () => {
    const grown = Array.from({ length: 60 }, (_, at) => 100 * 1.01 ** at);
    const { totalUsd = 0, interval } = forecastSpend(grown, 30) ?? {};
    const [below, above] = [totalUsd - (interval?.lowUsd ?? 0), (interval?.highUsd ?? 0) - totalUsd];
    expect(below).toBeGreaterThan(0.009 * totalUsd);
    expect(below).toBeCloseTo(above, 6);
  });

  it('says how far it could be tested, and widens its range for the rest', () => {
    const forecast = forecastSpend(
      Array.from({ length: 20 }, (_, at) => 100 + (at % 3)),
      30,
    );
    expect(forecast?.testedDays).toBeLessThan(30);
    expect(forecast?.backtests).toBeGreaterThanOrEqual(5);
  });

  it('lies within its own range, and is never negative', () => {
    const days = fc.array(fc.double({ min: 0, max: 10_000, noNaN: true }), { minLength: 14, maxLength: 100 });
    fc.assert(
      fc.property(days, fc.integer({ min: 1, max: 90 }), (values, horizon) => {
        const forecast = forecastSpend(values, horizon);
        expect(forecast?.totalUsd).toBeGreaterThanOrEqual(0);
        const { lowUsd, highUsd } = forecast?.interval ?? { lowUsd: 0, highUsd: Infinity };
        expect(lowUsd).toBeLessThanOrEqual((forecast?.totalUsd ?? 0) + 1e-9);
        expect(highUsd).toBeGreaterThanOrEqual((forecast?.totalUsd ?? 0) - 1e-9);
      }),
      {
        numRuns: 50,
        // Found by chance: a ratio to next to nothing.
        examples: [
          [[0, 0, 4999.99999999998, 0, 0, 5e-324, 0, 0, 0, 3775.0100080079933, 0, 0, 8.881784197001252e-16, 0], 3],
        ],
      },
    );
  });

  it('is none where no day is left to count', () => {
    const series = Array.from({ length: 60 }, () => 100);
    expect(forecastSpend(series, 366, 366)).toBeUndefined();
    expect(forecastSpend(series.slice(0, 5), 366, 366)).toBeUndefined();
  });
});
