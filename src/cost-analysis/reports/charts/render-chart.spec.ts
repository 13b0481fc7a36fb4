import { describe, expect, it } from '@jest/globals';
import type { Chart } from './chart.js';
import { renderChart } from './render-chart.js';

const days = Array.from({ length: 30 }, (_, index) => ({
  day: `2026-06-${String(index + 1).padStart(2, '0')}`,
  usd: 100 + index,
}));

const CHARTS: readonly Chart[] = [
  {
    kind: 'spend_over_time',
    title: 'Spend by day',
    alternative_text: 'Spend rises from $100 to $129 a day.',
    data: {
      days,
      unusual: [{ day: '2026-06-20', usd: 119 }],
      forecast: [
        { day: '2026-06-30', expected: 129, low: 129, high: 129 },
        { day: '2026-07-02', expected: 131, low: 120, high: 140 },
      ],
    },
  },
  {
    kind: 'pareto',
    title: 'Spend by model',
    alternative_text: 'gpt-4o is three quarters.',
    data: {
      entries: [
        { name: 'gpt-4o', usd: 75, running: 0.75 },
        { name: 'o3', usd: 25, running: 1 },
      ],
    },
  },
  {
    kind: 'savings_waterfall',
    title: 'What savings leave',
    alternative_text: 'From $100 to $80.',
    data: {
      steps: [
        { label: 'Spend now', from: 0, to: 100, kind: 'now' },
        { label: 'Retries', from: 100, to: 80, kind: 'saving' },
        { label: 'Spend then', from: 0, to: 80, kind: 'then' },
      ],
    },
  },
  {
    kind: 'cost_against_latency',
    title: 'Cost against latency',
    alternative_text: 'gpt-4o is slower and dearer.',
    data: {
      models: [
        { name: 'gpt-4o', latency_ms: 900, usd: 12, requests: 40 },
        { name: 'o3', latency_ms: 700, usd: 3, requests: 9 },
      ],
    },
  },
];

describe('renderChart', () => {
  it.each(CHARTS.map((chart) => [chart.kind, chart] as const))('draws %s, the same each time', async (_kind, chart) => {
    const svg = await renderChart(chart);
    expect(svg).toMatch(/^<svg /);
    expect(svg).toContain(`<title>${chart.title}</title><desc>${chart.alternative_text}</desc>`);
    expect(svg).not.toMatch(/NaN|undefined|<script|<image|href=/);
    expect(await renderChart(chart)).toBe(svg);
  });

  it.each(CHARTS.map((chart) => [chart.kind, chart] as const))(
    'writes the amounts of %s as its reader wants',
    async (_kind, chart) => {
      const ticks = (svg: string): string[] =>
        [...svg.matchAll(/>((?:\$|USD )[\d.,]+)</g)].map(([, tick]) => tick ?? '');
      const usual = ticks(await renderChart(chart));
      expect(usual.length).toBeGreaterThan(2);
      const svg = await renderChart({ ...chart, currency: 'USD' });
      expect(ticks(svg)).toEqual(usual.map((tick) => tick.replace('$', 'USD ')));
      expect(svg.replace(/<desc>.*<\/desc>/, '')).not.toContain('$');
    },
  );

  it('shows every row: a bar for each entry and its name', async () => {
    const svg = await renderChart(CHARTS[1] as Chart);
    expect(svg).toContain('gpt-4o');
    expect(svg.match(/aria-roledescription="bar"/g)).toHaveLength(2);
  });

  it('keeps names that look like markup or expressions as text', async () => {
    const name = '<script>alert(1)</script>';
    const svg = await renderChart({
      kind: 'pareto',
      title: `"${name}"`,
      alternative_text: name,
      data: {
        entries: [
          { name, usd: 1, running: 0.5 },
          { name: 'datum.constructor', usd: 1, running: 1 },
        ],
      },
    });
    expect(svg).not.toContain('<script');
    expect(svg).toContain('&lt;script&gt;');
  });

  it('draws an empty chart as one without marks', async () => {
    const svg = await renderChart({
      kind: 'pareto',
      title: 'Nothing',
      alternative_text: 'Nothing',
      data: { entries: [] },
    });
    expect(svg).not.toMatch(/NaN|aria-roledescription="bar"/);
  });
});
