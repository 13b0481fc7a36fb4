import { describe, expect, it } from '@jest/globals';
import { contiguous, wholeDays, wholeRanges } from './daily-series.js';

describe('a daily series', () => {
  it('has every day between the first and the last, and no day that is there only in part', () => {
    const series = wholeDays([
      { day: '2025-02-26', usd: 1, whole: false },
      { day: '2025-02-27', usd: 2, whole: true },
      { day: '2025-03-01', usd: 3, whole: false },
      { day: '2025-03-02', usd: 4, whole: true },
      { day: '2025-03-03', usd: 5, whole: false },
    ]);
    expect(series).toEqual([
      { day: '2025-02-27', usd: 2 },
      { day: '2025-02-28', usd: 0 },
      { day: '2025-03-01', usd: 3 },
      { day: '2025-03-02', usd: 4 },
    ]);
  });

  it('takes a day without any price for a usual one of its weekday, and none at its ends', () => {
    const days = Array.from({ length: 24 }, (_, at) => ({
      day: new Date(Date.UTC(2025, 1, 1 + at)).toISOString().slice(0, 10),
      usd: [0, 10, 23].includes(at) ? null : at % 7,
      whole: true,
    }));
    const series = wholeDays(days);
    expect([series[0]?.day, series.at(-1)?.day, series.length]).toEqual(['2025-02-02', '2025-02-23', 22]);
    expect(series.filter(({ unpriced }) => unpriced === true)).toEqual([{ day: '2025-02-11', usd: 3, unpriced: true }]);
    expect(wholeDays(days.map((day) => ({ ...day, usd: null })))).toEqual([]);
  });

  it('is empty for an hour of usage', () => {
    expect(wholeDays([{ day: '2023-11-16', usd: 96.79, whole: false }])).toEqual([]);
    expect(wholeDays([])).toEqual([]);
  });

  it('is cut where usage is missing for more than a week, with nothing in between', () => {
    const day = (text: string) => ({ day: text, usd: 1, whole: true });
    const ranges = wholeRanges(['2023-11-16', '2025-02-01', '2025-02-09', '2025-02-18'].map(day));
    expect(ranges.map((range) => [range[0]?.day, range.at(-1)?.day, range.length])).toEqual([
      ['2023-11-16', '2023-11-16', 1],
      ['2025-02-01', '2025-02-09', 9],
      ['2025-02-18', '2025-02-18', 1],
    ]);
    expect(wholeRanges([{ ...day('2025-02-01'), whole: false }])).toEqual([]);
  });

  it('is not cut within the period of a bucket', () => {
    const month = { day: '2025-01-01', until: '2025-01-31' };
    expect(contiguous([month, { day: '2025-01-02' }, { day: '2025-02-08' }])).toHaveLength(1);
    expect(contiguous([month, { day: '2025-02-09' }])).toHaveLength(2);
  });
});
