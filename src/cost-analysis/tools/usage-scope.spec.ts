import { describe, expect, it } from '@jest/globals';
import { usageByTime } from './usage-scope.js';

const text = (time_zone: string): string => {
  const { where, civil } = usageByTime('tenant', { from: '2026-07-01', to: '2026-08-01', time_zone });
  return `${civil('ts_start')} ${where}`;
};

describe('a statement on usage', () => {
  it('has one text for all zones but UTC, so that it is prepared once', () => {
    expect(text('America/New_York')).toBe(text('Pacific/Auckland'));
    expect(text('UTC')).not.toContain('CASE');
  });

  it('limits rows of a date by the date, also on a day whose midnight is left out', () => {
    const { parameters } = usageByTime('tenant', { from: '2026-03-29', time_zone: 'Asia/Beirut' });
    expect(parameters).toEqual(['tenant', '2026-03-28T22:00:00.000Z', '2026-03-29T00:00:00.000Z', 'Asia/Beirut']);
  });
});
