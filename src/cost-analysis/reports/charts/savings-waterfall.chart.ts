import { citation, rowsOf, textOf, type ReportData } from '../report-data.js';
import type { Chart, ChartRow } from './chart.js';

const LABELS: Readonly<Record<string, string>> = {
  retry: 'Failed and repeated calls',
  duplicates: 'Repeated prompts',
  deprecated: 'Old models',
  context: 'Long inputs',
  output_cap: 'Long answers',
  substitution: 'Cheaper models',
  caching: 'Prompt caching',
  batch: 'Batch processing',
};

/**
 * From spend now to what would be left, kind by kind, where every saving comes to the low end of its range: the bars join because each is net of
 * those before, and end at spend less the low end of all together.
 */
export function savingsWaterfall(data: ReportData): Chart | undefined {
  const usd = (id: string | undefined): number => Number(data.facts.facts.get(id ?? '')?.value ?? Number.NaN);
  const now = Number(data.facts.fact('combine_savings', 'spend')?.value ?? Number.NaN);
  const byKind = new Map<string, number>();
  for (const row of rowsOf(data, 'combine_savings')) {
    const kind = textOf(row, 'kind') ?? '';
    byKind.set(kind, (byKind.get(kind) ?? 0) + usd(textOf(row, 'net_at_low_fact')));
  }
  let left = now;
  const savings: ChartRow[] = [...byKind].map(([kind, saved]) => {
    const from = left;
    left -= saved;
    return { label: LABELS[kind] ?? kind, from, to: left, kind: 'saving' };
  });
  // Nothing was found; or an earlier run of this thread kept other figures.
  if (byKind.size === 0 || !(now > 0) || Number.isNaN(left)) return undefined;
  return {
    kind: 'savings_waterfall',
    title: 'What the savings leave',
    alternative_text: alternativeText(data),
    data: {
      steps: [
        { label: 'Spend now', from: 0, to: now, kind: 'now' },
        ...savings,
        { label: 'Spend then', from: 0, to: left, kind: 'then' },
      ],
    },
  };
}

function alternativeText(data: ReportData): string {
  const [spend, net] = [citation(data, 'combine_savings', 'spend'), citation(data, 'combine_savings', 'net_low')];
  const figures =
    spend === undefined || net === undefined
      ? ''
      : ` Of ${spend}, ${net} can be saved at the cautious end of the ranges.`;
  return `Waterfall chart from spend now to what is left after each kind of saving.${figures}`;
}
