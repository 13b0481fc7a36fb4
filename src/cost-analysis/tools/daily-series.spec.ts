import { describe, expect, it } from '@jest/globals';
import { wholeDays } from './daily-series.js';

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

  it('is empty for an hour of usage', () => {
    expect(wholeDays([{ day: '2023-11-16', usd: 96.79, whole: false }])).toEqual([]);
    expect(wholeDays([])).toEqual([]);
  });
});
