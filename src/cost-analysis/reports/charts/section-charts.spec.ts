import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../../../context/json.js';
import { data as dataOf, record as recordOf } from '../draft.fixture.js';
import type { ReportData } from '../report-data.js';
import { renderChart } from './render-chart.js';
import { withCharts } from './section-charts.js';

const record = (tool: string, rows: readonly JsonObject[], facts: Parameters<typeof recordOf>[1] = {}) =>
  recordOf(tool, facts, rows);

const data = (...records: ReturnType<typeof record>[]): ReportData => dataOf(records, {});

const sectionCharts = (key: string, from: ReportData) =>
  withCharts([{ key, title: '', body: '' }], from).flatMap(({ charts }) => charts ?? []);

const model = (name: string, cost: string): JsonObject => ({ dimension: 'model', name, cost_usd: cost });
const TOTAL = { total: ['usd', '100'] as const };

describe('charts of sections', () => {
  it('run up the shares of models, largest first', () => {
    const rows = [
      model('b', '30'),
      model('a', '60'),
      model('c', '10'),
      { dimension: 'team', name: 't', cost_usd: '100' },
    ];
    const [chart] = sectionCharts('breakdown', data(record('cost_breakdown', rows, TOTAL)));
    expect(chart?.data.entries).toEqual([
      { name: 'a', usd: 60, running: 0.6 },
      { name: 'b', usd: 30, running: 0.9 },
      { name: 'c', usd: 10, running: 1 },
    ]);
    expect(sectionCharts('breakdown', data(record('cost_breakdown', rows.slice(0, 2), TOTAL)))).toEqual([]);
  });

  it('mark unusual days on the spend by day, and continue it by the forecast', () => {
    const series = { chart: 'spend_over_time', first_day: '2026-02-26', usd: [10, 50, null, 12, 11] };
    const event = { from: '2026-02-27', to: '2026-02-27' };
    const forecast = {
      horizon: ['days', '2'],
      total: ['usd', '20'],
      daily: ['usd', '10'],
      low: ['usd', '16'],
      high: ['usd', '30'],
    } as const;
    const from = data(
      record('make_chart', [series], { days: ['days', '4'] }),
      record('detect_anomalies', [event]),
      record('forecast_spend', [{}], forecast),
    );
    const [chart] = sectionCharts('anomalies', from);
    expect(chart?.data).toEqual({
      days: [
        { day: '2026-02-26', usd: 10 },
        { day: '2026-02-27', usd: 50 },
        { day: '2026-03-01', usd: 12 },
        { day: '2026-03-02', usd: 11 },
      ],
      unusual: [{ day: '2026-02-27', usd: 50 }],
      forecast: [
        { day: '2026-03-03', expected: 10, low: 8, high: 15 },
        { day: '2026-03-04', expected: 10, low: 8, high: 15 },
      ],
    });
    expect(chart?.alternative_text).toContain('over {{fact:make_chart.days}}');
  });

  describe('with a forecast of a period that is asked about', () => {
    const series = { chart: 'spend_over_time', first_day: '2026-08-12', usd: [10, 12, 11] };
    const expected = { horizon: ['days', '2'], daily: ['usd', '10'] } as const;
    const chartOf = (figures: Record<string, readonly [string, string]>) =>
      sectionCharts(
        'forecast',
        data(record('make_chart', [series]), record('forecast_spend', [{}], { ...expected, ...figures })),
      )[0];

    it('that has begun: the band is as wide as what is still open, whatever is spent', () => {
      const chart = chartOf({
        target_from: ['date', '2026-08-01'],
        spent: ['usd', '500'],
        total: ['usd', '520'],
        low: ['usd', '516'],
        high: ['usd', '530'],
      });
      expect(chart?.data.forecast).toEqual([
        { day: '2026-08-15', expected: 10, low: 8, high: 15 },
        { day: '2026-08-16', expected: 10, low: 8, high: 15 },
      ]);
      expect(chart?.alternative_text).toContain('over the next {{fact:forecast_spend.horizon}}, a band');
    });

    it('that begins later: the line begins there', () => {
      const chart = chartOf({
        target_from: ['date', '2026-09-01'],
        spent: ['usd', '0'],
        total: ['usd', '20'],
        low: ['usd', '16'],
        high: ['usd', '30'],
      });
      expect(chart?.data.forecast).toEqual([
        { day: '2026-09-01', expected: 10, low: 8, high: 15 },
        { day: '2026-09-02', expected: 10, low: 8, high: 15 },
      ]);
      expect(chart?.alternative_text).toContain(
        'over the {{fact:forecast_spend.horizon}} from {{fact:forecast_spend.target_from}}, a band',
      );
    });
  });

  it('step down from spend now by what each kind of saving takes of what is left', () => {
    const rows = [
      { kind: 'retry', net_at_low_fact: 'combine_savings.r' },
      { kind: 'substitution', net_at_low_fact: 'combine_savings.s' },
      { kind: 'substitution', net_at_low_fact: 'combine_savings.t' },
    ];
    const facts = { spend: ['usd', '100'], r: ['usd', '5'], s: ['usd', '20'], t: ['usd', '10'] } as const;
    const [chart] = sectionCharts('savings', data(record('combine_savings', rows, facts)));
    expect(chart?.data.steps).toEqual([
      { label: 'Spend now', from: 0, to: 100, kind: 'now' },
      { label: 'Failed and repeated calls', from: 100, to: 95, kind: 'saving' },
      { label: 'Cheaper models', from: 95, to: 65, kind: 'saving' },
      { label: 'Spend then', from: 0, to: 65, kind: 'then' },
    ]);
    expect(sectionCharts('savings', data(record('combine_savings', [{ kind: 'retry' }], facts)))).toEqual([]);
  });

  it('compare models by cost and latency where there are two or more', async () => {
    const point = (name: string) => ({ chart: 'cost_against_latency', name, latency_ms: 400, usd: 2.5, requests: 30 });
    const chart = sectionCharts('savings', data(record('make_chart', [point('a'), point('b')])))[0];
    if (chart === undefined) throw new Error('no chart');
    expect(await renderChart(chart)).toContain('Median latency');
    expect(sectionCharts('savings', data(record('make_chart', [point('a')])))).toEqual([]);
  });

  it('stand once, in the first section that they are about', () => {
    const series = { chart: 'spend_over_time', first_day: '2026-02-26', usd: [10, 50, 12] };
    const sections = ['headline', 'forecast', 'anomalies'].map((key) => ({ key, title: '', body: '' }));
    const placed = withCharts(sections, data(record('make_chart', [series])));
    expect(placed.map(({ charts }) => charts?.length)).toEqual([undefined, undefined, 1]);
  });

  it('are absent where no tool has computed what they show', () => {
    for (const key of ['breakdown', 'anomalies', 'savings', 'method']) expect(sectionCharts(key, data())).toEqual([]);
  });
});
