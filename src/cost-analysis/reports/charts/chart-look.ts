import type { Config } from 'vega-lite';

export const CHART_COLOURS = {
  spend: '#2f6690',
  unusual: '#c8553d',
  expected: '#81a4c1',
  good: '#3a7d44',
  quiet: '#8d99ae',
};

export const CHART_WIDTH_PX = 640;

/** One look for all charts: readable in print, and with the reader's own font. */
export const CHART_LOOK = {
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
