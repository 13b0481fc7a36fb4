import { FORECAST_METHODS, total, type ForecastMethod } from './forecast-methods.js';
import { mean, quantile } from './statistics.js';

/** Spend expected over the horizon, in USD. No interval (low, high) where the past is too short to test a method on it. */
export interface Forecast {
  readonly method: string;
  readonly totalUsd: number;
  readonly dailyUsd: number;
  readonly interval?: { readonly lowUsd: number; readonly highUsd: number };
  /** Mean absolute error of the chosen method in the backtests, in percent of what was spent. */
  readonly errorPercent?: number;
  readonly backtests: number;
  /** The horizon that the backtests could test; shorter than the asked one when history is short. */
  readonly testedDays: number;
}

export const RUN_RATE_DAYS_MIN = 3;
export const FORECAST_DAYS_MIN = 14;
const BACKTESTS_MAX = 20;
const BACKTESTS_MIN = 5;
/** Share of the backtests whose error the interval covers. */
const COVERED = 0.9;
/** No past is so regular that the future is certain to a hundredth. */
const REACH_MIN = 0.01;
/** Beyond ten times the forecast a range says nothing more; it also bounds errors of forecasts of almost nothing. */
const REACH_MAX = 10;

/**
 * The method with the lowest error in rolling backtests at the horizon, and an interval from its backtest errors.
 * Under FORECAST_DAYS_MIN whole days: the mean day times the horizon, no interval. Under RUN_RATE_DAYS_MIN, or when no day is left: undefined.
 * `skippedDays`: the first of the horizon, which are looked past and in no figure.
 */
export function forecastSpend(dailyUsd: readonly number[], horizonDays: number, skippedDays = 0): Forecast | undefined {
  const countedDays = horizonDays - skippedDays;
  if (dailyUsd.length < RUN_RATE_DAYS_MIN || countedDays <= 0) return undefined;
  if (dailyUsd.length < FORECAST_DAYS_MIN) return runRate(dailyUsd, countedDays);
  const plan = backtestPlan(dailyUsd.length, horizonDays);
  const tested = FORECAST_METHODS.filter(({ minDays }) => (plan.origins[0] ?? 0) >= minDays).map((method) => ({
    ...method,
    errors: backtestErrors(dailyUsd, method.predict, plan),
  }));
  const [first, ...others] = tested;
  if (first === undefined) return runRate(dailyUsd, countedDays);
  const best = others.reduce((a, b) => (meanSize(b.errors) < meanSize(a.errors) ? b : a), first);
  const totalUsd = total(best.predict(dailyUsd, horizonDays).slice(skippedDays));
  return {
    method: best.name,
    totalUsd,
    dailyUsd: totalUsd / countedDays,
    ...(best.errors.length < BACKTESTS_MIN
      ? {}
      : { interval: interval(totalUsd, best.errors, horizonDays / plan.testedDays) }),
    errorPercent: 100 * meanSize(best.errors),
    backtests: best.errors.length,
    testedDays: plan.testedDays,
  };
}

function runRate(dailyUsd: readonly number[], horizonDays: number): Forecast {
  const daily = mean(dailyUsd);
  return { method: 'run rate', totalUsd: daily * horizonDays, dailyUsd: daily, backtests: 0, testedDays: 0 };
}

/** Less than a nano-dollar is no money: a ratio to it says nothing, and can be infinite. */
const NOTHING_USD = 1e-9;

interface BacktestPlan {
  readonly testedDays: number;
  /** Days of history that each backtest may see. */
  readonly origins: readonly number[];
}

/** Half of the history trains at least, four weeks where there are as many; the horizon shrinks until BACKTESTS_MIN of them fit. */
function backtestPlan(days: number, horizonDays: number): BacktestPlan {
  const trainingDays = days >= 56 ? 28 : Math.floor(days / 2);
  const testedDays = Math.min(horizonDays, days - trainingDays - (BACKTESTS_MIN - 1));
  const last = days - testedDays;
  const step = Math.max(1, Math.ceil((last - trainingDays + 1) / BACKTESTS_MAX));
  const origins: number[] = [];
  for (let origin = last; origin >= trainingDays; origin -= step) origins.unshift(origin);
  return { testedDays, origins };
}

interface BacktestError {
  /** |actual − forecast| / actual: what methods are compared by. */
  readonly size: number;
  /** (actual − forecast) / forecast: where the truth lay, seen from the forecast. */
  readonly offset: number;
}

/** One error of the horizon's total for each origin with any spend. */
function backtestErrors(dailyUsd: readonly number[], predict: ForecastMethod, plan: BacktestPlan): BacktestError[] {
  return plan.origins.flatMap((origin) => {
    const actual = total(dailyUsd.slice(origin, origin + plan.testedDays));
    const forecast = total(predict(dailyUsd.slice(0, origin), plan.testedDays));
    if (actual < NOTHING_USD) return [];
    const offset = forecast < NOTHING_USD ? 0 : (actual - forecast) / forecast;
    return [{ size: Math.abs(actual - forecast) / actual, offset }];
  });
}

const meanSize = (errors: readonly BacktestError[]): number =>
  errors.length === 0 ? Infinity : mean(errors.map(({ size }) => size));

/**
 * As far to each side as nine of ten backtests were off, whichever side that was: a method that erred only upwards in the past can err downwards next.
 * Wider by the square root of how much farther the forecast looks than the backtests could, and never without any width.
 */
function interval(
  totalUsd: number,
  errors: readonly BacktestError[],
  stretch: number,
): { lowUsd: number; highUsd: number } {
  const widen = Math.sqrt(Math.max(1, stretch));
  const sizes = errors.map(({ offset }) => Math.abs(offset));
  const reach = Math.min(REACH_MAX, Math.max(REACH_MIN, quantile(sizes, COVERED)) * widen);
  return { lowUsd: Math.max(0, totalUsd * (1 - reach)), highUsd: totalUsd * (1 + reach) };
}
