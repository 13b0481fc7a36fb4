import { describe, expect, it } from '@jest/globals';
import { comparedPeriods, type AskedComparison } from './compared-periods.js';

const extent = { first: new Date('2026-01-01T05:00:00Z'), last: new Date('2026-11-18T09:30:00Z') };

function compared(asked: AskedComparison) {
  const { comparison, caveats } = comparedPeriods(asked, extent);
  const days = ({ from, to }: { from: Date; to: Date }) =>
    [from, to].map((moment) => moment.toISOString().slice(0, 10));
  return { before: days(comparison.before), after: days(comparison.after), caveats };
}

describe('two periods that are compared', () => {
  it('are as long as each other where the data ends within the later one', () => {
    expect(compared({ from: '2026-11-16', to: '2026-11-23' })).toMatchObject({
      before: ['2026-11-09', '2026-11-12'],
      after: ['2026-11-16', '2026-11-19'],
      caveats: [expect.stringContaining('with as many days before')],
    });
  });

  it('stay as they are where the data covers both, or nothing of the later one', () => {
    const covered = compared({ from: '2026-11-09', to: '2026-11-16' });
    expect(covered).toEqual({ before: ['2026-11-02', '2026-11-09'], after: ['2026-11-09', '2026-11-16'], caveats: [] });
    expect(compared({ from: '2026-11-23', to: '2026-11-30' }).after).toEqual(['2026-11-23', '2026-11-30']);
  });

  it('come with a caveat where they differ in length, or the data begins within the earlier one', () => {
    const named = { compare_from: '2026-11-09', compare_to: '2026-11-16' };
    expect(compared({ from: '2026-11-16', to: '2026-11-23', ...named }).caveats).toEqual([
      expect.stringContaining('fewer days of it'),
    ]);
    expect(compared({ from: '2026-01-06', to: '2026-01-13' }).caveats).toEqual([
      expect.stringContaining('begins within the period compared with'),
    ]);
    expect(compared({ from: '2026-01-08', to: '2026-01-15' }).caveats).toEqual([]);
  });
});
