import { z } from 'zod';
import { Tool, type ToolCallContext, type ToolHandler } from '../../tools/tool.decorator.js';
import { LATEST_RANGE_ONLY, wholeRanges, type ObservedDay } from './daily-series.js';
import { estimateToNano } from './decimal.js';
import type { ToolReport } from './fact.js';
import { factScope } from './fact-id.js';
import { FactSheet } from './fact-sheet.js';
import { forecastSpend, type Forecast } from './forecast.js';
import { RunDays } from './run-days.js';
import { addUnpricedDays } from './unpriced-days.js';
import { usageScopeSchema } from './usage-scope.js';

const schema = usageScopeSchema.extend({
  horizon_days: z.int().min(1).max(90).default(30).describe('days to look ahead from the end of the data'),
  target_from: usageScopeSchema.shape.from.describe(
    'first day of a period to look ahead to instead, e.g. this month: what is spent of it and what is expected of the rest',
  ),
  target_to: usageScopeSchema.shape.to.describe('its end, exclusive'),
});
type Input = z.output<typeof schema>;
const DEFAULTS = schema.parse({});
const DAY_MS = 86_400_000;

@Tool({
  name: 'forecast_spend',
  description:
    'Expected spend over the days after the data ends, with the interval that rolling backtests support; a plain run rate under fourteen days of data.',
  schema,
  idempotent: true,
})
export class ForecastSpendTool implements ToolHandler<Input> {
  constructor(private readonly runDays: RunDays) {}

  async execute(input: Input, call: ToolCallContext): Promise<ToolReport> {
    call.signal.throwIfAborted();
    const observed = await this.runDays.observed(input, call.signal);
    const { days, last } = observed;
    call.signal.throwIfAborted();
    const ranges = wholeRanges(days);
    const series = ranges.at(-1) ?? [];
    const sheet = new FactSheet(factScope('forecast_spend', input, DEFAULTS), last);
    sheet.days('days', series.length, { formula: 'whole days the forecast is made from', inputs: ['ts_start'] });
    const target = targetOf(input, series.at(-1)?.day, days);
    const usd = series.map((day) => day.usd);
    const forecast =
      target.aheadDays > 0
        ? forecastSpend(usd, target.aheadDays, target.skippedDays)
        : overForecast(target, usd.length);
    sheet.days('horizon', Math.max(0, target.aheadDays - target.skippedDays), {
      formula: 'days looked ahead',
      inputs: [],
    });
    if (target.reach !== undefined)
      sheet.date('reach', target.reach, { formula: 'last day that is looked ahead to', inputs: ['ts_start'] });
    const unpriced = addUnpricedDays(sheet, observed);
    const spent = isBeyond(target) ? undefined : addTarget(sheet, input, target);
    return sheet.report({
      rows: forecast === undefined ? [] : [forecastRow(sheet, forecast, spent)],
      needs: ['daily spend'],
      covered: { part: forecast === undefined ? 0n : 1n, whole: 1n },
      caveats: [...caveats(forecast, target), ...(ranges.length > 1 ? [LATEST_RANGE_ONLY] : []), ...unpriced],
    });
  }
}

interface Target {
  /** Days from the last whole day of the data to the end of what is looked ahead to; none when that is over. */
  readonly aheadDays: number;
  /** Those of them before the period that is asked about. */
  readonly skippedDays: number;
  /** What was spent in that period already; undefined where no period is asked about. */
  readonly spentUsd: number | undefined;
  /** The last day that is looked ahead to, where the period goes on after it. */
  readonly reach?: string;
}

/** A year and a leap day ahead at most: what is farther is not told from a rate. */
const AHEAD_DAYS_MAX = 366;

/** Days are spent up to the last whole one; of that after it, all is to be expected. */
function targetOf(
  { target_from: from, target_to: to, horizon_days: days }: Input,
  last: string | undefined,
  observed: readonly ObservedDay[],
): Target {
  if (from === undefined || to === undefined || last === undefined)
    return { aheadDays: days, skippedDays: 0, spentUsd: undefined };
  const until = (day: string): number => Math.round((Date.parse(day) - Date.parse(last)) / DAY_MS) - 1;
  const aheadDays = Math.min(AHEAD_DAYS_MAX, Math.max(0, until(to)));
  return {
    ...(until(to) > AHEAD_DAYS_MAX ? { reach: dayAfter(last, AHEAD_DAYS_MAX) } : {}),
    aheadDays,
    skippedDays: Math.min(aheadDays, Math.max(0, until(from))),
    spentUsd: observed.reduce(
      (sum, { day, usd }) => (day >= from && day < to && day <= last ? sum + (usd ?? 0) : sum),
      0,
    ),
  };
}

const dayAfter = (day: string, days: number): string =>
  new Date(Date.parse(day) + days * DAY_MS).toISOString().slice(0, 10);

/** All of it lies past what is looked ahead to. */
const isBeyond = ({ reach, aheadDays, skippedDays }: Target): boolean =>
  reach !== undefined && aheadDays === skippedDays;

/** A period that the data covers to its end: nothing of it is left to expect. */
const overForecast = ({ spentUsd }: Target, days: number): Forecast | undefined =>
  spentUsd === undefined || days === 0
    ? undefined
    : {
        method: 'what was spent',
        totalUsd: 0,
        dailyUsd: 0,
        interval: { lowUsd: 0, highUsd: 0 },
        backtests: 1,
        testedDays: 0,
      };

interface Spent {
  readonly usd: number;
  readonly fact: string;
}

/** Names the days that are counted. */
function addTarget(
  sheet: FactSheet,
  { target_from: from = '', target_to: to = '' }: Input,
  { spentUsd: usd, reach }: Target,
): Spent | undefined {
  if (usd === undefined) return undefined;
  const lastDay = reach ?? dayAfter(to, -1);
  sheet.date('target_from', from, { formula: 'first day asked about', inputs: [] });
  sheet.date('target_to', lastDay, { formula: 'last day asked about that is counted', inputs: [] });
  const formula = 'Σ cost of the whole days of the period that are in the data, to the cent';
  return { usd, fact: sheet.usd('spent', estimateToNano(usd), { formula, inputs: ['daily spend'] }) };
}

function forecastRow(sheet: FactSheet, forecast: Forecast, spent: Spent | undefined) {
  const base = spent?.usd ?? 0;
  const inputs = ['daily spend', ...(spent === undefined ? [] : [spent.fact])];
  const usd = (path: string, value: number, formula: string) =>
    sheet.usd(path, estimateToNano(value), { formula: spent === undefined ? formula : `spent + ${formula}`, inputs });
  const range = forecast.interval;
  const reach = 'ninetieth percentile of |backtest error|';
  return {
    method: forecast.method,
    backtests: forecast.backtests,
    tested_days: forecast.testedDays,
    total_fact: usd('total', base + forecast.totalUsd, `Σ over the horizon, ${forecast.method}`),
    daily_fact: sheet.usd('daily', estimateToNano(forecast.dailyUsd), {
      formula: 'Σ over the horizon ÷ its days',
      inputs: ['daily spend'],
    }),
    spent_fact: spent?.fact ?? null,
    low_fact: range === undefined ? null : usd('low', base + range.lowUsd, `Σ over the horizon × (1 − ${reach})`),
    high_fact: range === undefined ? null : usd('high', base + range.highUsd, `Σ over the horizon × (1 + ${reach})`),
    error_fact:
      forecast.errorPercent === undefined || !Number.isFinite(forecast.errorPercent)
        ? null
        : sheet.estimatedPercent('backtest_error', forecast.errorPercent, {
            formula: 'mean |actual − forecast| ÷ actual in the backtests',
            inputs: ['daily spend'],
          }),
  };
}

const BEYOND = 'Days that lie more than a year past the end of the data are not forecast and are in no figure.';

function caveats(forecast: Forecast | undefined, target: Target): string[] {
  const beyond = target.reach === undefined ? [] : [BEYOND];
  return isBeyond(target) ? beyond : [...beyond, ...methodCaveats(forecast, target.aheadDays)];
}

function methodCaveats(forecast: Forecast | undefined, horizonDays: number): string[] {
  if (forecast === undefined)
    return ['There are fewer than three whole days of data; any forecast from them would be a guess.'];
  if (forecast.backtests === 0)
    return [
      'There are fewer than fourteen whole days of data: this is the mean day carried forward, with no interval.',
    ];
  return [
    ...(forecast.testedDays < horizonDays
      ? ['The data is too short to test the full horizon; the range is widened for it.']
      : []),
    ...(forecast.interval === undefined ? ['Too few backtests were possible for a range.'] : []),
  ];
}
