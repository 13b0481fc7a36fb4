import type { DailySpend } from './daily-series.js';
import { median, medianAbsoluteDeviation } from './statistics.js';

/** Consecutive days whose spend lies outside what their weekday usually costs; amounts in USD. */
export interface Anomaly {
  readonly from: string;
  readonly to: string;
  readonly direction: 'spike' | 'drop';
  readonly usd: number;
  readonly expectedUsd: number;
  readonly score: number;
}

export const ANOMALY_DAYS_MIN = 14;
const WINDOW_DAYS = 28;
const SCORE_MIN = 3.5;
/** Normal-consistent scale of the median absolute deviation. */
const MAD_SCALE = 0.6745;
/** A perfectly regular series has a deviation of zero; two percent of a day's spend is never news. */
const MAD_FLOOR = 0.02 * MAD_SCALE;
const DELTA_USD_MIN = 1;
/** Strange days in a row after which they count as the new level. */
const LEVEL_DAYS = 7;
const DELTA_SHARE_MIN = 0.05;

/**
 * Days far from the median of the same weekday in a trailing window, on a log scale (x = log1p(cost)): z = 0.6745·(r − med)/MAD, |z| > 3.5,
 * and at least max($1, 5 % of the median day) off. The first fortnight has no past of its own and is judged against the first four weeks.
 * Fewer than ANOMALY_DAYS_MIN days: none.
 */
export function findAnomalies(series: readonly DailySpend[]): Anomaly[] {
  if (series.length < ANOMALY_DAYS_MIN) return [];
  const logs = series.map(({ usd }) => log(usd));
  const deltaMin = Math.max(DELTA_USD_MIN, DELTA_SHARE_MIN * median(series.map(({ usd }) => usd)));
  const isNotable = (usd: number, { expected, score }: Judgement): boolean =>
    Math.abs(score) > SCORE_MIN && Math.abs(usd - expected) >= deltaMin;
  const strange: StrangeDay[] = [];
  for (const [index, { day, usd }] of series.entries()) {
    const judgement = judge(logs, index);
    if (!isNotable(usd, judgement)) continue;
    strange.push({ index, day, usd, ...judgement });
    logs[index] = log(judgement.expected);
    const run = latestRun(strange);
    if (run.length > LEVEL_DAYS) liftPast(logs, run);
  }
  return joinDays(strange);
}

/**
 * Strange days are replaced by what was expected, so that later days are not measured by them. When they go on, they are no longer strange
 * but the new level: they get their own values back, and the past before them is lifted to it, with its weekly rhythm.
 */
function liftPast(logs: number[], run: readonly StrangeDay[]): void {
  const shift = median(run.map(({ usd, expected }) => log(usd) - log(expected)));
  const first = run[0]?.index ?? 0;
  for (let at = 0; at < first; at++) logs[at] = (logs[at] ?? 0) + shift;
  for (const { index, usd } of run) logs[index] = log(usd);
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

function judge(logs: readonly number[], index: number): Judgement {
  const window = baseline(logs.length, index);
  const usual = weekdayMedians(logs, window);
  const residual = (at: number): number => (logs[at] ?? 0) - usual(at);
  const residuals = window.map(residual);
  const centre = median(residuals);
  const spread = Math.max(medianAbsoluteDeviation(residuals), MAD_FLOOR);
  return { expected: Math.expm1(usual(index) + centre), score: (MAD_SCALE * (residual(index) - centre)) / spread };
}

/** Positions that a day is compared with: the four weeks before it, or the first four weeks without itself. */
function baseline(length: number, index: number): number[] {
  const first = index < ANOMALY_DAYS_MIN ? 0 : Math.max(0, index - WINDOW_DAYS);
  const end = index < ANOMALY_DAYS_MIN ? Math.min(length, WINDOW_DAYS) : index;
  return Array.from({ length: end - first }, (_, offset) => first + offset).filter((at) => at !== index);
}

function weekdayMedians(logs: readonly number[], window: readonly number[]): (at: number) => number {
  const byWeekday: number[][] = [[], [], [], [], [], [], []];
  for (const at of window) byWeekday[at % 7]?.push(logs[at] ?? 0);
  const medians = byWeekday.map((values) => (values.length === 0 ? undefined : median(values)));
  return (at) => medians[at % 7] ?? median(window.map((one) => logs[one] ?? 0));
}

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
