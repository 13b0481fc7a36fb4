import { describe, expect, it } from '@jest/globals';
import { sampleUsage } from '../sample/sample-usage.js';
import { SeededRandom } from '../sample/seeded-random.js';
import { judgeDays } from './anomalies.js';
import type { DailySpend } from './daily-series.js';

const findAnomalies = (days: readonly DailySpend[]) => judgeDays(days).anomalies;

const DAYS = 364;
const SEEDS = [1, 2, 3];
/** A planted day in each span of so many, so that one is no part of what is usual for the next. */
const SPAN_DAYS = 28;
const RECALL_MIN = 0.95;
const FALSE_A_DAY_MAX = 0.1;
const INCIDENT = ['2026-08-11', '2026-08-12'];

function yearOfSpend(seed: number): DailySpend[] {
  const [header = '', ...lines] = [...sampleUsage({ seed, days: DAYS })];
  const cost = header.trim().split(',').indexOf('cost');
  const days = new Map<string, number>();
  for (const cells of lines.map((line) => line.split(','))) {
    const day = cells[0]?.slice(0, 10) ?? '';
    days.set(day, (days.get(day) ?? 0) + Number(cells[cost]));
  }
  return [...days].map(([day, usd]) => ({ day, usd }));
}

/** The series with twice the spend on some days, and those days. */
function withSpikes(series: readonly DailySpend[], random: SeededRandom) {
  const at = new Set<number>();
  for (let first = SPAN_DAYS; first + SPAN_DAYS <= series.length; first += SPAN_DAYS)
    at.add(first + random.below(SPAN_DAYS / 2));
  const spikes = series.filter(({ day }, index) => at.has(index) && !INCIDENT.includes(day)).map(({ day }) => day);
  return { spikes, series: series.map(({ day, usd }) => ({ day, usd: spikes.includes(day) ? 2 * usd : usd })) };
}

describe('days of twice the spend in a year of a company that grows', () => {
  it('are found, nearly all of them, with few others', () => {
    const counts = { planted: 0, found: 0, others: 0 };
    for (const seed of SEEDS) {
      const { spikes, series } = withSpikes(yearOfSpend(seed), new SeededRandom(seed));
      const events = findAnomalies(series);
      const covers = ({ from, to }: (typeof events)[number], day: string) => from <= day && day <= to;
      counts.planted += spikes.length;
      counts.found += spikes.filter((day) => events.some((event) => covers(event, day))).length;
      counts.others += events.filter((event) => ![...spikes, ...INCIDENT].some((day) => covers(event, day))).length;
    }
    expect(counts.planted).toBeGreaterThan(30);
    expect(counts.found / counts.planted).toBeGreaterThanOrEqual(RECALL_MIN);
    expect(counts.others / (SEEDS.length * DAYS)).toBeLessThanOrEqual(FALSE_A_DAY_MAX);
  });
});
