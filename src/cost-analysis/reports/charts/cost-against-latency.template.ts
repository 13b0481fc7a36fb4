import type { TopLevelSpec } from 'vega-lite';
import { AMOUNT_FORMAT, CHART_COLOURS, CHART_WIDTH_PX } from './chart-look.js';

const position = {
  x: { field: 'latency_ms', type: 'quantitative', title: 'Median latency, ms', scale: { zero: true, nice: true } },
  y: { field: 'usd', type: 'quantitative', title: 'Cost of 1,000 requests', axis: { format: AMOUNT_FORMAT } },
} as const;

/** `models` {name, latency_ms, usd, requests}; usd is for 1,000 requests. */
export const COST_AGAINST_LATENCY: TopLevelSpec = {
  width: CHART_WIDTH_PX,
  height: 280,
  data: { name: 'models' },
  layer: [
    {
      mark: { type: 'circle', color: CHART_COLOURS.spend, opacity: 0.7 },
      encoding: {
        ...position,
        size: { field: 'requests', type: 'quantitative', legend: null, scale: { range: [60, 600] } },
      },
    },
    {
      mark: { type: 'text', align: 'left', dx: 12, fontSize: 11, limit: 160 },
      encoding: { ...position, text: { field: 'name' } },
    },
  ],
};
