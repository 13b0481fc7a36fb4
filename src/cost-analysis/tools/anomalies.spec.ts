import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { findAnomalies } from './anomalies.js';

const series = (values: readonly number[]) =>
  values.map((usd, at) => ({ day: new Date(Date.UTC(2025, 0, 6 + at)).toISOString().slice(0, 10), usd }));

/** Workdays 100, weekends 40, and a small wave that no week repeats. */
const regular = (days: number): number[] =>
  Array.from({ length: days }, (_, at) => (at % 7 >= 5 ? 40 : 100) * (1 + ((at * 13) % 11) / 100));

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

  it('can be drops, and can lie in the first fortnight', () => {
    const values = regular(42);
    values[8] = 2;
    expect(findAnomalies(series(values))).toMatchObject([{ from: '2025-01-14', direction: 'drop' }]);
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

  it('of twice the usual spend are found wherever they lie', () => {
    for (let at = 0; at < 60; at++) {
      const values = regular(60);
      values[at] = (values[at] ?? 0) * 2;
      const found = findAnomalies(series(values)).some(({ direction }) => direction === 'spike');
      expect([at, found]).toEqual([at, true]);
    }
  });
});
