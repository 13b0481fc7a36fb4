import { mean } from './statistics.js';

const WEEK = 7;
const DAMPING = 0.9;
/** A coarse grid: finer ones change the forecast less than its backtest error. */
const GRID = [0.2, 0.5].flatMap((level) =>
  [0.05, 0.2].flatMap((trend) => [0.1, 0.3].map((season) => ({ level, trend, season }))),
);

interface Weights {
  readonly level: number;
  readonly trend: number;
  readonly season: number;
}

interface Fit {
  readonly level: number;
  readonly trend: number;
  readonly seasons: readonly number[];
  readonly squaredError: number;
}

/** Additive Holt–Winters with weekly season and damped trend; the weights with the least squared one-step error in the history. */
export function holtWinters(history: readonly number[], horizonDays: number): number[] {
  const best = GRID.map((weights) => fit(history, weights)).reduce((a, b) => (b.squaredError < a.squaredError ? b : a));
  let damped = 0;
  return Array.from({ length: horizonDays }, (_, index) => {
    damped += DAMPING ** (index + 1);
    const season = best.seasons[(history.length + index) % WEEK] ?? 0;
    return Math.max(0, best.level + damped * best.trend + season);
  });
}

function fit(history: readonly number[], weights: Weights): Fit {
  const firstWeek = mean(history.slice(0, WEEK));
  let level = firstWeek;
  let trend = (mean(history.slice(WEEK, 2 * WEEK)) - firstWeek) / WEEK;
  const seasons = history.slice(0, WEEK).map((value) => value - firstWeek);
  let squaredError = 0;
  for (let at = WEEK; at < history.length; at++) {
    const value = history[at] ?? 0;
    const season = seasons[at % WEEK] ?? 0;
    const expectedLevel = level + DAMPING * trend;
    squaredError += (value - expectedLevel - season) ** 2;
    const before = level;
    level = weights.level * (value - season) + (1 - weights.level) * expectedLevel;
    trend = weights.trend * (level - before) + (1 - weights.trend) * DAMPING * trend;
    seasons[at % WEEK] = weights.season * (value - level) + (1 - weights.season) * season;
  }
  return { level, trend, seasons, squaredError };
}
