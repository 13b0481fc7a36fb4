import { describe, expect, it } from '@jest/globals';
import { datesIn, relativePeriod } from './asked-period.js';

describe('a period in a question', () => {
  it.each([
    ['spend on 2025-01-05', '2025-01-05', '2025-01-06'],
    ['spend in December 2025', '2025-12-01', '2026-01-01'],
    ['spend in 2025', '2025-01-01', '2026-01-01'],
  ])('%s, by date', (text, from, to) => {
    expect(datesIn(text)).toEqual({ from, to });
  });

  it.each([
    ['since 2026-11-01', { from: '2026-11-01' }],
    ['from 2026-11-01', { from: '2026-11-01' }],
    ['after 2026-11-01', { from: '2026-11-02' }],
    ['until 2026-11-01', { to: '2026-11-02' }],
    ['before 2026-11-01', { to: '2026-11-01' }],
    ['since November 2026', { from: '2026-11-01' }],
    ['before November 2026', { to: '2026-11-01' }],
    ['since 2025', { from: '2025-01-01' }],
    ['from 2026-11-01 until 2026-11-03', { from: '2026-11-01', to: '2026-11-04' }],
    ['since 2026-11-01 and before 2026-11-03', { from: '2026-11-01', to: '2026-11-03' }],
    ['since 3 November 2026', { from: '2026-11-03' }],
    ['on 3 November 2026', { from: '2026-11-03', to: '2026-11-04' }],
    ['on the 3rd of November, 2026', { from: '2026-11-03', to: '2026-11-04' }],
    ['on November 3, 2026', { from: '2026-11-03', to: '2026-11-04' }],
    ['on november 30th 2026', { from: '2026-11-30', to: '2026-12-01' }],
    ['from 30 October 2026 to 3 November 2026', { from: '2026-10-30', to: '2026-11-04' }],
    ['on 31 November 2026', { from: '2026-11-01', to: '2026-12-01' }],
    ['from 3 to 5 November 2026', { from: '2026-11-01', to: '2026-12-01' }],
    ['since Monday', undefined],
  ])('%s, open where the words leave it open', (text, period) => {
    expect(datesIn(`spend ${text}`)).toEqual(period);
  });

  // The data ends on a Thursday.
  it.each([
    ['last week', '2026-08-17', '2026-08-24'],
    ['this week', '2026-08-24', '2026-08-31'],
    ['last month', '2026-07-01', '2026-08-01'],
    ['last quarter', '2026-04-01', '2026-07-01'],
    ['this year', '2026-01-01', '2027-01-01'],
    ['the last 10 days', '2026-08-18', '2026-08-28'],
    ['yesterday', '2026-08-26', '2026-08-27'],
    ['on Tuesday', '2026-08-25', '2026-08-26'],
    ['on Thursday', '2026-08-27', '2026-08-28'],
    ['last Friday', '2026-08-21', '2026-08-22'],
    ['since Monday', '2026-08-24', '2026-08-28'],
    ['in July', '2026-07-01', '2026-08-01'],
    ['in October', '2025-10-01', '2025-11-01'],
  ])('%s, from the end of the data', (text, from, to) => {
    expect(relativePeriod(`costs ${text}`, '2026-08-27')).toMatchObject({ from, to });
  });

  it('that has just ended is the last one', () => {
    expect(relativePeriod('last month', '2026-08-31')).toMatchObject({ from: '2026-08-01', to: '2026-09-01' });
    expect(relativePeriod('Analyze my costs; we may grow', '2026-08-31')).toBeUndefined();
  });
});
