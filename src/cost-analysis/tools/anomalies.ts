import type { DailySpend } from './daily-series.js';
import { median, medianAbsoluteDeviation } from './statistics.js';
import { expectedValue, pairDistance, pastDeviations } from './weekday-trend.js';

/** Consecutive days whose spend lies outside what their weekday usually costs; amounts in USD. */
export interface Anomaly {
  readonly from: string;
  readonly to: string;
  readonly direction: 'spike' | 'drop';
  readonly usd: number;
  readonly expectedUsd: number;
  readonly score: number;
}

export interface JudgedDays {
  readonly anomalies: readonly Anomaly[];
  /** The days that could be judged, oldest first. */
  readonly judged: readonly string[];
}

const ANOMALY_DAYS_MIN = 14;
const WINDOW_DAYS = 28;
const SCORE_MIN = 3.5;
/** Normal-consistent scale of the median absolute deviation. */
const MAD_SCALE = 0.6745;
/** A series that repeats itself has no deviation: up to 3.5 % off is nothing to it, which is less than DELTA_SHARE_MIN asks of most days. */
const MAD_FLOOR = 0.01 * MAD_SCALE;
const DELTA_USD_MIN = 1;
/** Strange days in a row after which they count as the new level. */
const LEVEL_DAYS = 7;
const DELTA_SHARE_MIN = 0.05;

/**
 * Days far from what the weeks before let expect of their weekday, on a log scale (x = log1p(cost)): z = 0.6745·(r − med)/MAD, |z| > 3.5,
 * and at least max($1, 5 % of the median day) off. The window trails: a day with fewer than ANOMALY_DAYS_MIN days in it is not judged.
 * Nor is a day without any price, and no other is judged by it.
 */
export function judgeDays(series: readonly DailySpend[]): JudgedDays {
  const logs = series.map(({ usd }) => log(usd));
  const deltaMin = Math.max(DELTA_USD_MIN, DELTA_SHARE_MIN * median(series.map(({ usd }) => usd)));
  const isNotable = (usd: number, { expected, score }: Judgement): boolean =>
    Math.abs(score) > SCORE_MIN && Math.abs(usd - expected) >= deltaMin;
  const judged: string[] = [];
  const strange: StrangeDay[] = [];
  const leftOut = new Set<number>();
  for (const [index, { day, usd, unpriced }] of series.entries()) {
    if (unpriced === true) leftOut.add(index);
    const judgement = unpriced === true ? undefined : judge(logs, index, leftOut);
    if (judgement === undefined) continue;
    judged.push(day);
    if (!isNotable(usd, judgement)) continue;
    strange.push({ index, day, usd, ...judgement });
    leftOut.add(index);
    const run = latestRun(strange);
    if (run.length > LEVEL_DAYS) acceptLevel(logs, run, leftOut);
  }
  return { judged, anomalies: joinDays(strange) };
}

/**
 * Strange days are left out of later windows, so that later days are not measured by them. When they go on, they are no longer strange but
 * the new level: they count again, and the past before them is lifted to it, with its weekly rhythm.
 */
function acceptLevel(logs: number[], run: readonly StrangeDay[], leftOut: Set<number>): void {
  const shift = median(run.map(({ usd, expected }) => log(usd) - log(expected)));
  const first = run[0]?.index ?? 0;
  for (let at = 0; at < first; at++) logs[at] = (logs[at] ?? 0) + shift;
  for (const { index } of run) leftOut.delete(index);
}

const log = (usd: number): number => Math.log1p(Math.max(0, usd));

/** The latest strange days that follow one another in one direction. */
function latestRun(days: readonly StrangeDay[]): readonly StrangeDay[] {
  const breaks = days.findLastIndex((day, at) => at > 0 && !follows(days[at - 1], day));
  return days.slice(Math.max(0, breaks));
}

const follows = (before: StrangeDay | undefined, day: StrangeDay): boolean =>
  before?.index === day.index - 1 && Math.sign(before.score) === Math.sign(day.score);

interface Judgement {
  /** USD. */
  readonly expected: number;
  readonly score: number;
}

/** Undefined where the days before cannot tell. */
function judge(logs: readonly number[], index: number, leftOut: ReadonlySet<number>): Judgement | undefined {
  const past = { values: logs, window: trailingWindow(index, leftOut) };
  if (past.window.length < ANOMALY_DAYS_MIN) return undefined;
  const expected = expectedValue(past, index);
  const deviations = pastDeviations(past, index);
  const usual = deviations.length === 0 ? 0 : median(deviations);
  const spread = Math.max(deviations.length === 0 ? 0 : medianAbsoluteDeviation(deviations), MAD_FLOOR);
  const score = (distance: number): number => (MAD_SCALE * distance) / spread;
  if (score(pairDistance(past, index)) > SCORE_MIN) return undefined;
  return { expected: Math.expm1(expected), score: score((logs[index] ?? 0) - expected - usual) };
}

/** The four weeks before a day, without the days that were strange. */
const trailingWindow = (index: number, leftOut: ReadonlySet<number>): number[] => {
  const first = Math.max(0, index - WINDOW_DAYS);
  return Array.from({ length: index - first }, (_, offset) => first + offset).filter((at) => !leftOut.has(at));
};

interface StrangeDay extends Judgement {
  readonly index: number;
  readonly day: string;
  readonly usd: number;
}

function joinDays(days: readonly StrangeDay[]): Anomaly[] {
  const events: { days: StrangeDay[] }[] = [];
  for (const day of days) {
    const open = events.at(-1)?.days;
    if (open !== undefined && follows(open.at(-1), day)) open.push(day);
    else events.push({ days: [day] });
  }
  return events.map((event) => summary(event.days));
}

function summary(days: readonly StrangeDay[]): Anomaly {
  const strongest = days.reduce((top, day) => (Math.abs(day.score) > Math.abs(top) ? day.score : top), 0);
  return {
    from: days[0]?.day ?? '',
    to: days.at(-1)?.day ?? '',
    direction: strongest > 0 ? 'spike' : 'drop',
    usd: days.reduce((total, day) => total + day.usd, 0),
    expectedUsd: days.reduce((total, day) => total + day.expected, 0),
    score: strongest,
  };
}
