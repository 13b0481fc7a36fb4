import type { JsonObject } from '../../../context/json.js';
import { plainText } from '../plain-text.js';
import { costIn } from './pricing.js';
import { citation, citationIn, paragraphs, rowsOf, textOf, type ReportData, type Section } from '../report-data.js';

/** Where the money goes: a table for each dimension that the data carries, untagged spend first. */
export function breakdown(data: ReportData): Section | undefined {
  const rows = rowsOf(data, 'cost_breakdown');
  if (rows.length === 0) return undefined;
  const dimensions = [...new Set(rows.flatMap((row) => textOf(row, 'dimension') ?? []))];
  const carried = dimensions.filter((dimension) => of(rows, dimension).some(({ name }) => name !== null));
  const absent = dimensions.filter((dimension) => !carried.includes(dimension));
  return {
    key: 'breakdown',
    title: 'Where the money goes',
    body: paragraphs(
      absent.length === 0 ? undefined : `No spend names a ${absent.join(' or a ')}, so it cannot be split that way.`,
      ...carried.map((dimension) => paragraphs(table(dimension, of(rows, dimension)), pareto(data, dimension))),
    ),
  };
}

const of = (rows: readonly JsonObject[], dimension: string): JsonObject[] =>
  rows.filter((row) => row['dimension'] === dimension);

function table(dimension: string, rows: readonly JsonObject[]): string {
  const lines = rows.map((row) => {
    const name = textOf(row, 'name');
    return `| ${name === undefined ? `(no ${dimension})` : plainText(name)} | ${costIn(row)} | ${citationIn(row, 'share_fact') ?? ''} |`;
  });
  const title = dimension.replace('_', ' ');
  return [
    `| ${title.charAt(0).toUpperCase()}${title.slice(1)} | Cost | Share |`,
    '| --- | ---: | ---: |',
    ...lines,
  ].join('\n');
}

/** Only where there is something to concentrate: among two entries it says nothing. */
function pareto(data: ReportData, dimension: string): string | undefined {
  const entries = Number(data.facts.fact('cost_breakdown', `${dimension}.entries`)?.value ?? '0');
  const [count, all] = [
    citation(data, 'cost_breakdown', `${dimension}.pareto_count`),
    citation(data, 'cost_breakdown', `${dimension}.entries`),
  ];
  if (entries < 4 || count === undefined || all === undefined) return undefined;
  return `Four fifths of spend come from ${count} of ${all} ${dimension.replace('_', ' ')}s.`;
}
