import type { Config } from 'vega-lite';
import type { CurrencyDisplay } from '../../../context/user-preferences.js';

export const CHART_COLOURS = {
  spend: '#2f6690',
  unusual: '#c8553d',
  expected: '#81a4c1',
  good: '#3a7d44',
  quiet: '#8d99ae',
};

export const CHART_WIDTH_PX = 640;

/** One look for all charts: readable in print, and with the reader's own font. */
const CHART_LOOK = {
  font: 'system-ui, sans-serif',
  background: '#ffffff',
  view: { stroke: null },
  axis: {
    labelFontSize: 11,
    titleFontSize: 12,
    titleFontWeight: 'normal',
    gridColor: '#e6e8ec',
    domainColor: '#8d99ae',
  },
} as const satisfies Config;

/** How axes show an amount; what stands before it is the locale's. */
export const AMOUNT_FORMAT = '$,.2~f';

/** The look with amounts as a reader wants them: "$1,000" or "USD 1,000". */
export const chartLook = (currency: CurrencyDisplay): Config => ({
  ...CHART_LOOK,
  locale: {
    number: { decimal: '.', thousands: ',', grouping: [3], currency: [currency === '$' ? '$' : `${currency} `, ''] },
  },
});
