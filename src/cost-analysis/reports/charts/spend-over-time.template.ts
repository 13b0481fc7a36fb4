import type { TopLevelSpec } from 'vega-lite';
import { AMOUNT_FORMAT, CHART_COLOURS, CHART_WIDTH_PX } from './chart-look.js';

const day = {
  field: 'day',
  type: 'temporal',
  timeUnit: 'utcyearmonthdate',
  title: null,
  axis: { format: '%-d %b %Y', grid: false },
} as const;
const usd = (field: string) =>
  ({ field, type: 'quantitative', title: 'Spend a day', axis: { format: AMOUNT_FORMAT } }) as const;

/** `days` {day, usd}, `unusual` {day, usd}, `forecast` {day, expected, low, high}; the last two may be empty. */
export const SPEND_OVER_TIME: TopLevelSpec = {
  width: CHART_WIDTH_PX,
  height: 240,
  layer: [
    {
      data: { name: 'forecast' },
      mark: { type: 'area', color: CHART_COLOURS.expected, opacity: 0.3 },
      encoding: { x: day, y: usd('low'), y2: { field: 'high' } },
    },
    {
      data: { name: 'forecast' },
      mark: { type: 'line', color: CHART_COLOURS.expected, strokeDash: [4, 3] },
      encoding: { x: day, y: usd('expected') },
    },
    {
      data: { name: 'days' },
      mark: { type: 'line', color: CHART_COLOURS.spend },
      encoding: { x: day, y: usd('usd') },
    },
    {
      data: { name: 'unusual' },
      mark: { type: 'point', color: CHART_COLOURS.unusual, filled: true, size: 60 },
      encoding: { x: day, y: usd('usd') },
    },
  ],
};
