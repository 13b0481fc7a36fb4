import { plainText } from '../plain-text.js';
import { citation, paragraphs, type ReportData, type Section } from '../report-data.js';

/** How the figures were made, in a few sentences. */
export function method(data: ReportData): Section | undefined {
  const { time_zone: zone } = data.triage;
  const asOf = citation(data, 'reconcile_costs', 'prices_as_of');
  if (asOf === undefined) return undefined;
  return {
    key: 'method',
    title: 'Method',
    body: paragraphs(
      `Prices as of ${asOf}, from the list prices in genai-prices; where your company has entered prices of its own, those count instead.`,
      'Spend is recomputed from tokens at the price of the day of use. Where a record has no known price, its reported cost is used; where it has neither, it is left out and counted as unpriced.',
      'Every figure was computed by a tool from the imported records; each can be looked up in the facts of this report with its formula and inputs. ' +
        `Days are those of ${zone === 'UTC' ? 'UTC' : `the time zone ${plainText(zone)}`}.`,
    ),
  };
}
