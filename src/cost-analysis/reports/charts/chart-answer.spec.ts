import { describe, expect, it } from '@jest/globals';
import { chartData } from './chart-answer.js';
import type { Chart } from './chart.js';

describe('the data of a chart in an answer', () => {
  it.each<[Chart['kind'], Chart['data'], Chart['data']]>([
    [
      'spend_over_time',
      {
        days: [{ day: '2026-01-02', usd: 0.1 + 0.2 }],
        unusual: [],
        forecast: [{ day: '2026-01-03', expected: 3.5e-5, low: 0, high: 1234.5 }],
      },
      {
        days: [{ day: '2026-01-02', usd: '0.300000000' }],
        unusual: [],
        forecast: [{ day: '2026-01-03', expected: '0.000035000', low: '0.000000000', high: '1234.500000000' }],
      },
    ],
    [
      'pareto',
      { entries: [{ name: 'gpt-4o', usd: 5, running: 1 }] },
      { entries: [{ name: 'gpt-4o', usd: '5.000000000', running: 1 }] },
    ],
    [
      'savings_waterfall',
      { steps: [{ label: 'Spend now', from: 0, to: 9.5, kind: 'now' }] },
      { steps: [{ label: 'Spend now', from: '0.000000000', to: '9.500000000', kind: 'now' }] },
    ],
    [
      'cost_against_latency',
      { models: [{ name: 'gpt-4o', latency_ms: 812.5, usd: 1.25, requests: 40 }] },
      { models: [{ name: 'gpt-4o', latency_ms: 812.5, usd: '1.250000000', requests: 40 }] },
    ],
  ])('has the amounts of %s as decimal strings, and other numbers as they are', (kind, data, expected) => {
    expect(chartData({ kind, data })).toEqual(expected);
  });
});
