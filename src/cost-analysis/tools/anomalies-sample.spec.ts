import { describe, expect, it } from '@jest/globals';
import { sampleUsage } from '../sample/sample-usage.js';
import { judgeDays } from './anomalies.js';
import type { DailySpend } from './daily-series.js';

const findAnomalies = (days: readonly DailySpend[]) => judgeDays(days).anomalies;

function dailySpend(seed?: number): DailySpend[] {
  const [header = '', ...lines] = [...sampleUsage(seed === undefined ? {} : { seed })];
  const columns = header.trim().split(',');
  const [time, cost] = [columns.indexOf('timestamp'), columns.indexOf('cost')];
  const days = new Map<string, number>();
  for (const cells of lines.map((line) => line.split(','))) {
    const day = cells[time]?.slice(0, 10) ?? '';
    days.set(day, (days.get(day) ?? 0) + Number(cells[cost]));
  }
  return [...days].map(([day, usd]) => ({ day, usd }));
}

describe('the unusual days of the sample company', () => {
  it('are those of its one incident, and few others: growth and weekends are nothing unusual', () => {
    const events = findAnomalies(dailySpend());
    const largest = [...events].sort((a, b) => Math.abs(b.usd - b.expectedUsd) - Math.abs(a.usd - a.expectedUsd));
    expect(largest[0]).toMatchObject({ from: '2026-08-11', to: '2026-08-12', direction: 'spike' });
    expect(events.length).toBeLessThanOrEqual(3);
  });

  it('are few with other chances too', () => {
    const counts = [1, 2, 3, 4, 5].map((seed) => findAnomalies(dailySpend(seed)).length);
    expect(counts.every((count) => count >= 1 && count <= 3)).toBe(true);
  });
});
