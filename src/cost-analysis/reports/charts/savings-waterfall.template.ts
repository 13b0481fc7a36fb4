import type { TopLevelSpec } from 'vega-lite';
import { AMOUNT_FORMAT, CHART_COLOURS, CHART_WIDTH_PX } from './chart-look.js';

/** `steps` {label, from, to, kind}: in the order in which they are drawn; kind is now, saving or then. */
export const SAVINGS_WATERFALL: TopLevelSpec = {
  width: CHART_WIDTH_PX,
  height: 240,
  data: { name: 'steps' },
  mark: { type: 'bar' },
  encoding: {
    x: { field: 'label', type: 'nominal', sort: null, title: null, axis: { labelLimit: 220, labelAngle: -30 } },
    y: { field: 'from', type: 'quantitative', title: 'Spend', axis: { format: AMOUNT_FORMAT } },
    y2: { field: 'to' },
    color: {
      field: 'kind',
      type: 'nominal',
      legend: null,
      scale: {
        domain: ['now', 'saving', 'then'],
        range: [CHART_COLOURS.spend, CHART_COLOURS.good, CHART_COLOURS.quiet],
      },
    },
  },
};
