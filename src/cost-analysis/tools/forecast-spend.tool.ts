import { z } from 'zod';
import { UserExecutionContext } from '../../context/user-execution-context.js';
import { Database } from '../../persistence/database.js';
import { Tool, type ToolCallContext, type ToolHandler } from '../../tools/tool.decorator.js';
import { wholeDays } from './daily-series.js';
import { dailySpend } from './daily-spend.js';
import { estimateToNano } from './decimal.js';
import type { ToolReport } from './fact.js';
import { factScope } from './fact-id.js';
import { FactSheet } from './fact-sheet.js';
import { forecastSpend, type Forecast } from './forecast.js';
import { usageScopeSchema } from './usage-scope.js';

const schema = usageScopeSchema.extend({
  horizon_days: z.int().min(1).max(90).default(30).describe('days to look ahead from the end of the data'),
});
type Input = z.output<typeof schema>;
const DEFAULTS = schema.parse({});

@Tool({
  name: 'forecast_spend',
  description:
    'Expected spend over the days after the data ends, with the interval that rolling backtests support; a plain run rate under fourteen days of data.',
  schema,
  idempotent: true,
})
export class ForecastSpendTool implements ToolHandler<Input> {
  constructor(
    private readonly context: UserExecutionContext,
    private readonly database: Database,
  ) {}

  async execute(input: Input, call: ToolCallContext): Promise<ToolReport> {
    call.signal.throwIfAborted();
    const { days, last } = await dailySpend(this.database.within(call.signal), this.context.tenantId, input);
    call.signal.throwIfAborted();
    const series = wholeDays(days).map(({ usd }) => usd);
    const forecast = forecastSpend(series, input.horizon_days);
    const sheet = new FactSheet(factScope('forecast_spend', input, DEFAULTS), last);
    sheet.days('days', series.length, { formula: 'whole days the forecast is made from', inputs: ['ts_start'] });
    sheet.days('horizon', input.horizon_days, { formula: 'days looked ahead', inputs: [] });
    return sheet.report({
      rows: forecast === undefined ? [] : [forecastRow(sheet, forecast)],
      needs: ['daily spend'],
      covered: { part: forecast === undefined ? 0n : 1n, whole: 1n },
      caveats: caveats(forecast, input.horizon_days),
    });
  }
}

function forecastRow(sheet: FactSheet, forecast: Forecast) {
  const usd = (path: string, value: number, formula: string) =>
    sheet.usd(path, estimateToNano(value), { formula, inputs: ['daily spend'] });
  const range = forecast.interval;
  const reach = 'ninetieth percentile of |backtest error|';
  return {
    method: forecast.method,
    backtests: forecast.backtests,
    tested_days: forecast.testedDays,
    total_fact: usd('total', forecast.totalUsd, `Σ over the horizon, ${forecast.method}`),
    daily_fact: usd('daily', forecast.dailyUsd, 'total ÷ days of the horizon'),
    low_fact: range === undefined ? null : usd('low', range.lowUsd, `total × (1 − ${reach})`),
    high_fact: range === undefined ? null : usd('high', range.highUsd, `total × (1 + ${reach})`),
    error_fact:
      forecast.errorPercent === undefined || !Number.isFinite(forecast.errorPercent)
        ? null
        : sheet.estimatedPercent('backtest_error', forecast.errorPercent, {
            formula: 'mean |actual − forecast| ÷ actual in the backtests',
            inputs: ['daily spend'],
          }),
  };
}

function caveats(forecast: Forecast | undefined, horizonDays: number): string[] {
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
