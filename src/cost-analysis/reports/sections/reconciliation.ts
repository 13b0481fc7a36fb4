import { billTable } from './bills.js';
import { plainText } from '../plain-text.js';
import { citation, citationIn, paragraphs, rowsOf, textOf, type ReportData, type Section } from '../report-data.js';

/** How bills compare with usage and the reported cost with the recomputed one, by model where they differ, and what could not be priced. */
export function reconciliationSection(data: ReportData): Section | undefined {
  const report = data.facts.report('reconcile_costs');
  if (report === undefined) return undefined;
  const unpriced = data.facts.fact('reconcile_costs', 'unpriced_rows');
  const rows = rowsOf(data, 'reconcile_costs').filter(({ kind }) => kind === 'model');
  const gaps = rows.map((row) => `- ${plainText(textOf(row, 'name') ?? '')}: ${citationIn(row, 'gap_fact') ?? ''}`);
  const body = paragraphs(
    billTable(data),
    gaps.length === 0 ? undefined : `Reported minus recomputed cost by model, where they differ:\n\n${gaps.join('\n')}`,
    unpriced === undefined || unpriced.value === '0' ? undefined : unpricedText(data),
    citation(data, 'reconcile_costs', 'approximated_rows') === undefined
      ? undefined
      : `Priced at an approximated tier: ${citation(data, 'reconcile_costs', 'approximated_rows') ?? ''} records.`,
  );
  return body === '' ? undefined : { key: 'reconciliation', title: 'Reported against recomputed', body };
}

function unpricedText(data: ReportData): string {
  const cited = (path: string): string | undefined => citation(data, 'reconcile_costs', path);
  const reported = cited('unpriced_reported');
  const counted = reported === undefined ? '' : ` They count at their reported cost of ${reported};`;
  return `Without a known list price: ${cited('unpriced_rows') ?? ''} records.${counted} ${cited('unknown_tokens') ?? ''} tokens have neither price nor reported cost and are in no total.`;
}
