import { citation, rowsOf, textOf, type ReportData } from '../report-data.js';
import type { Chart } from './chart.js';

const MODELS_MIN = 2;

/** What a thousand requests cost on each model, against how long one takes. */
export function costAgainstLatency(data: ReportData): Chart | undefined {
  const models = rowsOf(data, 'make_chart')
    .filter(({ chart }) => chart === 'cost_against_latency')
    .map((row) => ({
      name: textOf(row, 'name') ?? '',
      latency_ms: Number(row['latency_ms']),
      usd: Number(row['usd']),
      requests: Number(row['requests']),
    }));
  if (models.length < MODELS_MIN) return undefined;
  const count = citation(data, 'make_chart', 'models');
  return {
    kind: 'cost_against_latency',
    title: 'Cost against latency',
    alternative_text: `Scatter chart of ${count ?? 'the'} models: cost of a thousand requests against the median latency of one. Low and to the left is better.`,
    data: { models },
  };
}
