import { describe, expect, it } from '@jest/globals';
import { askedHorizon } from './asked-horizon.js';
import { askedPeriods, askedTime, datesIn, stepBefore, unitBefore } from './asked-period.js';

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
    ['from 3 to 5 November 2026', { from: '2026-11-03', to: '2026-11-06' }],
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
    ['in July', '2026-07-01', '2026-08-01'],
    ['in October', '2025-10-01', '2025-11-01'],
    ['on August 11', '2026-08-11', '2026-08-12'],
    ['on 11 Aug', '2026-08-11', '2026-08-12'],
    ['on 24 December', '2025-12-24', '2025-12-25'],
    ['between 1 July and 15 July 2026', '2026-07-01', '2026-07-16'],
    ['from July to August 2026', '2026-07-01', '2026-09-01'],
    ['July 1-15', '2026-07-01', '2026-07-16'],
    ['in June and July', '2026-06-01', '2026-08-01'],
    ['in Q2', '2026-04-01', '2026-07-01'],
    ['in Q4', '2025-10-01', '2026-01-01'],
    ['in the first quarter of 2026', '2026-01-01', '2026-04-01'],
    ['in H1 2026', '2026-01-01', '2026-07-01'],
    ['in the first week of July', '2026-07-01', '2026-07-08'],
    ['in mid-August', '2026-08-11', '2026-08-21'],
    ['in may?', '2026-05-01', '2026-06-01'],
    ['of sept 2025', '2025-09-01', '2025-10-01'],
    ['the last two weeks', '2026-08-14', '2026-08-28'],
    ['last weekend', '2026-08-22', '2026-08-24'],
    ['so far this year', '2026-01-01', '2027-01-01'],
    ['month to date', '2026-08-01', '2026-09-01'],
  ])('%s, from the end of the data', (text, from, to) => {
    expect(askedPeriods(`costs ${text}`, '2026-08-27')).toMatchObject([{ from, to }]);
  });

  it('that has just ended is the last one', () => {
    expect(askedPeriods('last month', '2026-08-31')).toMatchObject([{ from: '2026-08-01', to: '2026-09-01' }]);
    expect(askedPeriods('Analyze my costs; we may grow', '2026-08-31')).toEqual([]);
  });

  it.each([
    ['Why did spend rise from June to July?', ['2026-07-01', '2026-08-01'], { from: '2026-06-01', to: '2026-07-01' }],
    ['How does August compare to July?', ['2026-08-01', '2026-09-01'], { from: '2026-07-01', to: '2026-08-01' }],
    ['Compare July to June', ['2026-07-01', '2026-08-01'], { from: '2026-06-01', to: '2026-07-01' }],
    ['Are we spending more than last month?', ['2026-08-01', '2026-09-01'], { from: '2026-07-01', to: '2026-08-01' }],
    ['What did we spend in July?', ['2026-07-01', '2026-08-01'], undefined],
  ])('may be held against another one: %s', (text, [from, to], compare) => {
    const asked = askedTime(text, '2026-08-27');
    expect(asked.period).toMatchObject({ from, to });
    expect(asked.compare).toEqual(compare === undefined ? undefined : expect.objectContaining(compare));
  });

  it('may be the one before', () => {
    expect(unitBefore({ from: '2026-03-01', to: '2026-04-01' })).toEqual({ from: '2026-02-01', to: '2026-03-01' });
    expect(unitBefore({ from: '2026-01-01', to: '2026-04-01' })).toEqual({ from: '2025-10-01', to: '2026-01-01' });
    expect(unitBefore({ from: '2026-03-02', to: '2026-03-09' })).toBeUndefined();
    expect(stepBefore('and the month before?', { from: '2026-07-01' })).toEqual({
      from: '2026-06-01',
      to: '2026-07-01',
    });
    expect(stepBefore('and the day before?', { from: '2026-07-01' })).toEqual({ from: '2026-06-30', to: '2026-07-01' });
    expect(stepBefore('the day before yesterday', { from: '2026-07-01' })).toBeUndefined();
  });

  it.each([
    ['next month', '2026-09-01', '2026-10-01'],
    ['next quarter', '2026-10-01', '2027-01-01'],
    ['the next two weeks', '2026-08-28', '2026-09-11'],
    ['this month', '2026-08-01', '2026-09-01'],
    ['by the end of the year', '2026-01-01', '2027-01-01'],
    ['our annual budget', '2026-01-01', '2027-01-01'],
    ['in October', '2026-10-01', '2026-11-01'],
    ['for September 2026', '2026-09-01', '2026-10-01'],
    ['from September to December', '2026-09-01', '2027-01-01'],
    ['from August to December', '2026-08-01', '2027-01-01'],
    // The end alone is named: what is ahead lies between the data and it.
    ['until the end of December', '2026-08-28', '2027-01-01'],
    ['until 31 December', '2026-08-28', '2027-01-01'],
    ['until 31 December 2026', '2026-08-28', '2027-01-01'],
    ['by 15 October', '2026-08-28', '2026-10-16'],
    ['by end of November', '2026-08-28', '2026-12-01'],
    ['before October', '2026-08-28', '2026-10-01'],
    ['until the end of next month', '2026-08-28', '2026-10-01'],
    ['by Friday', '2026-08-28', '2026-08-29'],
    ['more than $10k by end of August', '2026-08-01', '2026-09-01'],
  ])('may lie ahead: %s', (text, from, to) => {
    expect(askedHorizon(text, '2026-08-27')).toMatchObject({ from, to });
  });
});
