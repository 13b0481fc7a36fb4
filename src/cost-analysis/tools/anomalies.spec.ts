import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { judgeDays } from './anomalies.js';
import type { DailySpend } from './daily-series.js';
import { median, medianAbsoluteDeviation } from './statistics.js';
import { expectedValue, pastDeviations } from './weekday-trend.js';

const findAnomalies = (days: readonly DailySpend[]) => judgeDays(days).anomalies;

const series = (values: readonly number[]) =>
  values.map((usd, at) => ({ day: new Date(Date.UTC(2025, 0, 6 + at)).toISOString().slice(0, 10), usd }));

/** Workdays 100, weekends 40, and a small wave that no week repeats. */
const regular = (days: number): number[] =>
  Array.from({ length: days }, (_, at) => (at % 7 >= 5 ? 40 : 100) * (1 + ((at * 13) % 11) / 400));

describe('anomalies', () => {
  it('are found against the same weekday: a workday on a Sunday is one', () => {
    const values = regular(42);
    values[34] = 100;
    const [event, ...others] = findAnomalies(series(values));
    expect(others).toEqual([]);
    expect(event).toMatchObject({ from: '2025-02-09', to: '2025-02-09', direction: 'spike', usd: 100 });
    expect(event?.expectedUsd).toBeGreaterThan(39);
    expect(event?.expectedUsd).toBeLessThan(45);
  });

  it('of consecutive days are one event', () => {
    const values = regular(42).map((usd, at) => (at >= 29 && at <= 31 ? usd * 3 : usd));
    expect(findAnomalies(series(values))).toMatchObject([{ from: '2025-02-04', to: '2025-02-06', direction: 'spike' }]);
  });

  it('have the score 0.6745 · (r − med) / MAD of the weeks before', () => {
    // The middle of three uneven days leaves residuals whose median is not zero.
    const values = regular(22).map((usd, at) => usd * (1 + 0.02 * ((at * at) % 5)) * (at === 21 ? 2 : 1));
    const past = { values: values.map((usd) => Math.log1p(usd)), window: Array.from({ length: 21 }, (_, at) => at) };
    const residuals = pastDeviations(past, 21);
    const residual = Math.log1p(values[21] ?? 0) - expectedValue(past, 21);
    expect(Math.abs(median(residuals))).toBeGreaterThan(0.001);
    const [event] = findAnomalies(series(values));
    expect(event?.score).toBeCloseTo((0.6745 * (residual - median(residuals))) / medianAbsoluteDeviation(residuals), 9);
  });

  it('of a twelfth are found in a series as regular as that, and of a fiftieth never', () => {
    const steady = (share: number) =>
      Array.from({ length: 42 }, (_, at) => 100 * (1 + ((at * 13) % 11) / 2_000) * (at === 34 ? 1 + share : 1));
    expect(findAnomalies(series(steady(1 / 12))).map(({ from }) => from)).toEqual(['2025-02-09']);
    expect(findAnomalies(series(steady(1 / 50)))).toEqual([]);
  });

  it('can be drops', () => {
    const values = regular(42);
    values[22] = 2;
    expect(findAnomalies(series(values))).toMatchObject([{ from: '2025-01-28', direction: 'drop' }]);
  });

  it('need a past of fourteen days: nothing is judged by what came after it', () => {
    const early = regular(42).map((usd, at) => (at === 8 ? usd * 5 : usd));
    expect(findAnomalies(series(early))).toEqual([]);
    const latest = regular(15).map((usd, at) => (at === 14 ? usd * 5 : usd));
    expect(findAnomalies(series(latest))).toMatchObject([{ from: '2025-01-20', direction: 'spike' }]);
  });

  it('are no days without a price, and none is judged by them', () => {
    const days = series(regular(42)).map((day, at) =>
      at === 15 || at === 22 || at === 36 ? { ...day, usd: 0, unpriced: true as const } : day,
    );
    expect(findAnomalies(days)).toEqual([]);
    const early = series(regular(16).map((usd, at) => (at >= 14 ? usd * 5 : usd)));
    const judged = early.map((day, at) => (at === 3 ? { ...day, unpriced: true as const } : day));
    expect(findAnomalies(judged).map(({ from }) => from)).toEqual(['2025-01-21']);
  });

  it('are looked for on days with fourteen before them only, and where these agree', () => {
    const judged = (values: readonly number[]) => judgeDays(series(values)).judged;
    expect(judged(regular(14))).toEqual([]);
    expect(judged(regular(16))).toEqual(['2025-01-20', '2025-01-21']);
    const doubtful = regular(17).map((usd, at) => (at === 8 ? usd * 5 : usd));
    expect(judged(doubtful)).toEqual(['2025-01-20', '2025-01-22']);
  });

  it('are not growth, however long it goes on, and few where days vary by a tenth', () => {
    const grown = regular(90).map((usd, at) => usd * 1.01 ** at);
    expect(findAnomalies(series(grown))).toEqual([]);
    const rough = grown.map((usd, at) => usd * (1 + ((at * 29) % 11) / 100));
    expect(findAnomalies(series(rough)).length).toBeLessThanOrEqual(0.1 * rough.length);
  });

  it('are not measured by earlier ones: two spikes a week apart are two events', () => {
    const values = regular(42).map((usd, at) => (at === 29 || at === 36 ? usd * 3 : usd));
    expect(findAnomalies(series(values)).map(({ from }) => from)).toEqual(['2025-02-04', '2025-02-11']);
  });

  it('need fourteen days and a dollar', () => {
    expect(findAnomalies(series([...regular(12), 900]))).toEqual([]);
    const cents = regular(42).map((usd) => usd / 1000);
    cents[30] = 0.9;
    expect(findAnomalies(series(cents))).toEqual([]);
  });

  it('end when the new level has lasted: a price rise is one event, not news for ever', () => {
    const values = regular(84).map((usd, at) => (at >= 40 ? usd * 2 : usd));
    const events = findAnomalies(series(values));
    expect(events).toHaveLength(1);
    expect(events[0]?.from).toBe('2025-02-15');
    expect((events[0]?.to ?? '') < '2025-02-25').toBe(true);
  });

  it('do not arise from a constant series', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1e6, noNaN: true }), fc.integer({ min: 0, max: 120 }), (usd, days) => {
        expect(findAnomalies(series(Array.from({ length: days }, () => usd)))).toEqual([]);
      }),
    );
  });

  it('of twice the usual spend are found wherever they have a past', () => {
    for (let at = 14; at < 60; at++) {
      const values = regular(60);
      values[at] = (values[at] ?? 0) * 2;
      const found = findAnomalies(series(values)).some(({ direction }) => direction === 'spike');
      expect([at, found]).toEqual([at, true]);
    }
  });
});
