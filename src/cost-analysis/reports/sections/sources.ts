import { billSources } from './bills.js';
import { plainText } from '../plain-text.js';
import { costIn } from './pricing.js';
import { paragraphs, rowsOf, textOf, type ReportData, type Section } from '../report-data.js';

/** Every imported source on a line of its own: what it is, whether it is real, and what it cost. */
export function sources(data: ReportData): Section | undefined {
  const rows = sourceRows(data);
  const bills = billSources(data);
  if (rows.length === 0 && bills.length === 0) return undefined;
  const assumed = rows.some(({ price_as: priceAs, synthetic }) => priceAs !== null && synthetic !== true);
  return {
    key: 'sources',
    title: 'Sources',
    body: paragraphs(
      ...rows.map((row) => `${plainText(textOf(row, 'name') ?? '')}: ${costIn(row)}`),
      ...bills,
      assumed
        ? 'Real tokens means: the token counts were measured, but the source names no model. The model was chosen on import, so the cost is what these tokens would have cost on it.'
        : undefined,
    ),
  };
}

/** What has to be said wherever figures from generated data are shown; undefined when all data is real. */
export function syntheticNote(data: ReportData): string | undefined {
  const rows = sourceRows(data);
  const generated = rows.filter(({ synthetic }) => synthetic === true).length;
  if (generated === 0) return undefined;
  return generated === rows.length
    ? '**All of this data is synthetic:** it was generated for demonstration, and no figure here is anybody’s real bill.'
    : '**Part of this data is synthetic:** the totals mix generated and real usage; the sources below keep them apart.';
}

const sourceRows = (data: ReportData) => rowsOf(data, 'reconcile_costs').filter(({ kind }) => kind === 'source');
