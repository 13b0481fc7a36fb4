import { citation, rowsOf, textOf, type ReportData } from '../report-data.js';
import type { Chart } from './chart.js';

const ENTRIES_MIN = 3;

/** The models' spend, largest first, with the running share. With fewer than three there is nothing that the table doesn't show. */
export function paretoOfModels(data: ReportData): Chart | undefined {
  const total = Number(data.facts.fact('cost_breakdown', 'total')?.value ?? '0');
  const entries = rowsOf(data, 'cost_breakdown')
    .filter(({ dimension }) => dimension === 'model')
    .map((row) => ({ name: textOf(row, 'name') ?? '(no model)', usd: Number(textOf(row, 'cost_usd')) }))
    .filter(({ usd }) => usd > 0)
    .sort((a, b) => b.usd - a.usd);
  if (entries.length < ENTRIES_MIN || total <= 0) return undefined;
  let sum = 0;
  const running = entries.map((entry) => ({ ...entry, running: Math.min(1, (sum += entry.usd) / total) }));
  const [count, all] = [
    citation(data, 'cost_breakdown', 'model.pareto_count'),
    citation(data, 'cost_breakdown', 'model.entries'),
  ];
  const concentration =
    count === undefined || all === undefined ? '' : ` Four fifths of it come from ${count} of ${all} models.`;
  return {
    kind: 'pareto',
    title: 'Spend by model',
    alternative_text: `Bar chart of spend by model, largest first, with a line for the running share.${concentration}`,
    data: { entries: running },
  };
}
