import { plainText } from '../plain-text.js';
import { paragraphs, type ReportData, type Section } from '../report-data.js';
import { pricesAsOf, restsOnPrices } from './pricing.js';

/** Of how the figures were made, what no answer goes without: a section of its own, so that it stays whoever words the answer. */
export function methodInBrief(data: ReportData): Section | undefined {
  const asOf = restsOnPrices(data) ? pricesAsOf(data) : undefined;
  return asOf === undefined ? undefined : { key: 'method', title: 'Method', body: `Prices as of ${asOf}.` };
}

/** How the figures were made, in a few sentences. */
export function method(data: ReportData): Section {
  const { time_zone: zone } = data.triage;
  const asOf = pricesAsOf(data);
  return {
    key: 'method',
    title: 'Method',
    body: paragraphs(
      `${asOf === undefined ? 'The day of the price list could not be looked up in this run. Prices are' : `Prices as of ${asOf}, from`} the list prices in genai-prices; where your company has entered prices of its own, those count instead.`,
      'Spend is recomputed from tokens at the price of the day of use. Where a record has no known price, its reported cost is used; where it has neither, it is left out and counted as unpriced.',
      'Every figure was computed by a tool from the imported records; each can be looked up in the facts of this report with its formula and inputs. ' +
        `Days are those of ${zone === 'UTC' ? 'UTC' : `the time zone ${plainText(zone)}`}.`,
    ),
  };
}
