import { usdDecimalOf } from '../../prices/money.js';
import type { Chart, ChartKind, ChartRow } from './chart.js';

/** What of a chart's rows is money. A field of one name means the same in each of its data sets. */
const MONEY = {
  spend_over_time: ['usd', 'expected', 'low', 'high'],
  pareto: ['usd'],
  savings_waterfall: ['from', 'to'],
  cost_against_latency: ['usd'],
} as const satisfies Record<ChartKind, readonly string[]>;

/** The data of a chart as JSON carries it: amounts as decimal strings in USD. What draws it takes the numbers that are stored. */
export function chartData({ kind, data }: Pick<Chart, 'kind' | 'data'>): Chart['data'] {
  const money: readonly string[] = MONEY[kind];
  const shown = (row: ChartRow): ChartRow =>
    Object.fromEntries(
      Object.entries(row).map(([name, value]) => [
        name,
        typeof value === 'number' && money.includes(name) ? usdDecimalOf(value) : value,
      ]),
    );
  return Object.fromEntries(Object.entries(data).map(([name, rows]) => [name, rows.map(shown)]));
}
