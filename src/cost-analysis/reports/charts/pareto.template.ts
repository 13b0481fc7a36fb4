import type { TopLevelSpec } from 'vega-lite';
import { AMOUNT_FORMAT, CHART_COLOURS, CHART_WIDTH_PX } from './chart-look.js';

const name = {
  field: 'name',
  type: 'nominal',
  sort: null,
  title: null,
  axis: { labelLimit: 220, labelAngle: -30 },
} as const;

/** `entries` {name, usd, running}: largest first; `running` is the share of all spend up to and with this entry, 0 to 1. */
export const PARETO: TopLevelSpec = {
  width: CHART_WIDTH_PX,
  height: 240,
  data: { name: 'entries' },
  layer: [
    {
      mark: { type: 'bar', color: CHART_COLOURS.spend },
      encoding: { x: name, y: { field: 'usd', type: 'quantitative', title: 'Spend', axis: { format: AMOUNT_FORMAT } } },
    },
    {
      mark: { type: 'line', color: CHART_COLOURS.unusual, point: { color: CHART_COLOURS.unusual } },
      encoding: {
        x: name,
        y: {
          field: 'running',
          type: 'quantitative',
          title: 'Running share of spend',
          scale: { domain: [0, 1] },
          axis: { format: '.0%', grid: false },
        },
      },
    },
  ],
  resolve: { scale: { y: 'independent' } },
};
