import { holtWinters } from './holt-winters.js';
import { mean, median, sum } from './statistics.js';

/** Predicts the daily values of the next `horizonDays` days from the days before. */
export type ForecastMethod = (history: readonly number[], horizonDays: number) => number[];

const WEEK = 7;
const WEEKDAY_MEAN_DAYS = 8 * WEEK;

const flat =
  (level: (history: readonly number[]) => number): ForecastMethod =>
  (history, horizonDays) =>
    Array.from({ length: horizonDays }, () => level(history));

/** Steps of the future, 1-based, each with the position it has in the series. */
const steps = (history: readonly number[], horizonDays: number): { step: number; at: number }[] =>
  Array.from({ length: horizonDays }, (_, index) => ({ step: index + 1, at: history.length + index }));

const seasonalNaive: ForecastMethod = (history, horizonDays) =>
  steps(history, horizonDays).map(({ step, at }) => history[at - WEEK * Math.ceil(step / WEEK)] ?? 0);

const weekdayMean: ForecastMethod = (history, horizonDays) => {
  const first = Math.max(0, history.length - WEEKDAY_MEAN_DAYS);
  const means = Array.from({ length: WEEK }, (_, weekday) =>
    mean(history.filter((_value, at) => at >= first && at % WEEK === weekday)),
  );
  return steps(history, horizonDays).map(({ at }) => means[at % WEEK] ?? 0);
};

/** The straight line through the first and the last week's means: through single days the weekday would decide. */
const drift: ForecastMethod = (history, horizonDays) => {
  const [start, end] = [mean(history.slice(0, WEEK)), mean(history.slice(-WEEK))];
  const slope = history.length > WEEK ? (end - start) / (history.length - WEEK) : 0;
  const centreOffset = (WEEK - 1) / 2;
  return steps(history, horizonDays).map(({ step }) => Math.max(0, end + slope * (step + centreOffset)));
};

/** The candidates, each with the days of history below which it is not tried. */
export const FORECAST_METHODS = [
  { name: 'median of 28 days', minDays: 14, predict: flat((history) => median(history.slice(-28))) },
  { name: 'mean of 7 days', minDays: 7, predict: flat((history) => mean(history.slice(-WEEK))) },
  { name: 'weekday mean', minDays: 14, predict: weekdayMean },
  { name: 'seasonal naive', minDays: 7, predict: seasonalNaive },
  { name: 'drift', minDays: 14, predict: drift },
  { name: 'damped Holt-Winters', minDays: 28, predict: holtWinters },
] as const satisfies readonly { name: string; minDays: number; predict: ForecastMethod }[];

export const total = (predicted: readonly number[]): number => sum(predicted);
