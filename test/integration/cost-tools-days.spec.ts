import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../../src/context/json.js';
import { createTestDatabase, openDatabase, type OpenDatabase, type TestDatabase } from '../support/database.js';
import { importRows, someone, ToolBox, type PlainRow } from './cost-tools-setup.js';

const USD = 1_000_000_000n;
const DAY_MS = 86_400_000;
const FIRST = Date.UTC(2026, 6, 6, 12);
const DAYS = 28;

/** Four weeks of a dollar a day, at noon; one day of nine dollars; and a call late in the evening of the last day but one. */
const rows: readonly PlainRow[] = [
  ...Array.from({ length: DAYS }, (_, day) => ({
    at: at(day),
    model: 'gpt-4o',
    input: 900,
    output: 100,
    computed: USD,
  })),
  { at: '2026-07-15T12:30:00Z', model: 'gpt-5', input: 1_000, output: 1_000, computed: 8n * USD },
  { at: '2026-08-01T22:30:00Z', model: 'gpt-5', input: 0, output: 1_000, computed: 2n * USD, bucketRequests: 4 },
];

function at(day: number): string {
  return new Date(FIRST + day * DAY_MS).toISOString();
}

describe('days, units and periods', () => {
  let test: TestDatabase;
  let open: OpenDatabase;
  let tools: ToolBox;

  beforeAll(async () => {
    test = await createTestDatabase();
    open = await openDatabase(test.url);
    const [user, other] = [await someone(open.database), await someone(open.database)];
    tools = new ToolBox(open.database, user);
    await importRows(open.database, user, { rows });
    await importRows(open.database, other, { rows: rows.map((row) => ({ ...row, computed: 77n * USD })) });
  });

  afterAll(async () => {
    await open.close();
    await test.drop();
  });

  it('tell what a request and tokens cost, of all and of each model', async () => {
    const report = await tools.report('unit_costs', {});
    expect([report.value('cost'), report.value('requests')]).toEqual(['38.000000000', '33']);
    expect(report.value('per_request')).toBe((38 / 33).toFixed(12).slice(0, 11));
    expect([report.value('input_tokens'), report.value('output_tokens')]).toEqual(['26200', '4800']);
    expect(Number(report.value('per_thousand_tokens'))).toBeCloseTo(38 / 31, 8);
    expect(Number(report.value('model.gpt-5.per_million_tokens'))).toBeCloseTo((10 / 3_000) * 1e6, 6);
    expect(report.value('model.gpt-4o.per_request')).toBe('1.000000000');
  });

  it('cost what those of them cost whose price is known, and nothing of a bill', async () => {
    const at = '2026-07-06T12:00:00Z';
    const user = await someone(open.database);
    await importRows(open.database, user, {
      rows: [
        { at, model: 'gpt-4o', input: 900, output: 100, computed: 2n * USD },
        { at, model: 'gpt-4o', input: 3_000, output: 0, computed: null },
        { at, isBill: true, provider: 'anthropic', bucketRequests: null, reported: 50n * USD },
      ],
    });
    const report = await new ToolBox(open.database, user).report('unit_costs', {});
    expect(['cost', 'requests', 'input_tokens'].map((path) => report.value(path))).toEqual([
      ...['52.000000000', '2', '3900'],
    ]);
    expect(['per_request', 'per_thousand_tokens'].map((path) => Number(report.value(path)))).toEqual([2, 2]);
    expect(report.caveats).toHaveLength(4);
    expect(Number(report.coverage.ratio)).toBeCloseTo(2 / 52, 3);
  });

  it('are ordered by what they cost, where that is asked for, with the usual day beside them', async () => {
    const report = await tools.report('query_usage', { grain: 'day', order: 'cost', limit: 2 });
    expect(report.rows.map(({ period, cost_usd: usd }) => [period, usd])).toEqual([
      ['2026-07-15', '9.000000000'],
      ['2026-08-01', '3.000000000'],
    ]);
    // Without the first and the last day: 26 dollars of the others, 8 and 2 more.
    expect(report.value('mean')).toBe((36 / 26).toFixed(9));
    const latest = await tools.report('query_usage', { grain: 'day', limit: 1 });
    expect(latest.rows.map(({ period }) => period)).toEqual(['2026-08-02']);
  });

  it('are those of the zone that is asked for: a late call is of the next day there', async () => {
    const zone = { time_zone: 'Europe/Berlin' };
    const day = { from: '2026-08-02', to: '2026-08-03' };
    expect((await tools.report('data_quality', day)).value('spend')).toBe('1.000000000');
    const there = await tools.report('data_quality', { ...day, ...zone });
    expect([there.value('spend'), there.value('days')]).toEqual(['3.000000000', '1']);
    expect([there.value('first_day'), there.value('asked_from'), there.value('asked_to')]).toEqual([
      '2026-08-02',
      '2026-08-02',
      '2026-08-02',
    ]);
    const byDay = await tools.report('query_usage', { grain: 'day', limit: 2, ...zone });
    expect(byDay.rows.map(({ period, cost_usd: usd }) => [period, usd])).toEqual([
      ['2026-08-02', '3.000000000'],
      ['2026-08-01', '1.000000000'],
    ]);
    const change = await tools.report('explain_change', { ...day, ...zone });
    expect([change.value('after'), change.value('before')]).toEqual(['3.000000000', '1.000000000']);
    expect([change.value('from'), change.value('compare_from')]).toEqual(['2026-08-02', '2026-07-26']);
  });

  it('of a period in hand are those spent and those expected', async () => {
    const report = await tools.report('forecast_spend', { target_from: '2026-08-01', target_to: '2026-09-01' });
    // Both days of August are whole: one by its bucket. The second has its only call at noon.
    const [spent, horizon, total, daily] = ['spent', 'horizon', 'total', 'daily'].map((path) =>
      Number(report.value(path)),
    );
    expect([spent, horizon]).toEqual([3, 30]);
    expect(total).toBeCloseTo((spent ?? 0) + (horizon ?? 0) * (daily ?? 0), 0);
    expect([report.value('target_from'), report.value('target_to')]).toEqual(['2026-08-01', '2026-08-31']);
    const over = await tools.report('forecast_spend', { target_from: '2026-07-06', target_to: '2026-07-20' });
    expect([over.value('total'), over.value('horizon')]).toEqual(['22.000000000', '0']);
    const next = await tools.report('forecast_spend', { target_from: '2026-09-01', target_to: '2026-10-01' });
    expect([next.value('spent'), next.value('horizon')]).toEqual(['0.000000000', '30']);
  });

  it('are looked at for what is unusual from the fifteenth on, and as far as that is asked for', async () => {
    const judged = async (scope: JsonObject) => {
      const report = await tools.report('detect_anomalies', { from: '2026-07-06', ...scope });
      return [report.value('days'), report.value('events'), report.coverage.ratio];
    };
    // The first and the last day are covered in part.
    expect(await judged({ to: '2026-07-22' })).toEqual(['0', undefined, '0.000000']);
    expect(await judged({ to: '2026-07-23' })).toEqual(['1', '0', '1.000000']);
    expect(await judged({ report_from: '2026-07-28' })).toEqual(['5', '1', '1.000000']);
    expect(await judged({ report_from: '2026-07-06', to: '2026-07-18' })).toEqual(['0', undefined, '0.000000']);
  });

  it('without a price are neither a drop nor free', async () => {
    const user = await someone(open.database);
    const unpriced = (day: number): boolean => day === 16 || day >= 26;
    const hours = (day: number): PlainRow[] =>
      [1, 12, 23].map((hour) => ({
        at: new Date(FIRST + day * DAY_MS + (hour - 12) * 3_600_000).toISOString(),
        model: unpriced(day) ? 'house-model' : 'gpt-4o',
        input: 900,
        computed: unpriced(day) ? null : 2n * USD,
      }));
    await importRows(open.database, user, { rows: Array.from({ length: DAYS }, (_, day) => hours(day)).flat() });
    const tools = new ToolBox(open.database, user);
    const [anomalies, forecast, commitment] = [
      await tools.report('detect_anomalies'),
      await tools.report('forecast_spend', { horizon_days: 10 }),
      await tools.report('commitment_break_even'),
    ];
    expect([anomalies.value('events'), anomalies.value('unpriced_days')]).toEqual(['0', '3']);
    expect(forecast.value('total')).toBe('60.000000000');
    expect(commitment.value('discount-10.used')).toBe('100.000000');
    for (const { caveats } of [anomalies, forecast, commitment])
      expect(caveats).toContainEqual(expect.stringContaining('no price and is in no figure'));
    const chart = await tools.report('make_chart', { charts: ['spend_over_time'] });
    expect(chart.rows[0]?.usd).toEqual(Array.from({ length: 26 }, (_, day) => (day === 16 ? null : '6.000000000')));
  });

  it('of a period more than a year ahead are named as far as they are counted', async () => {
    const report = await tools.report('forecast_spend', { target_from: '2027-01-01', target_to: '2028-01-01' });
    // The last whole day is 1 August 2026.
    const end = '2027-08-02';
    expect(['target_from', 'target_to', 'reach', 'horizon'].map((path) => report.value(path))).toEqual([
      ...['2027-01-01', end, end, '214'],
    ]);
    expect(Number(report.value('total'))).toBeCloseTo(214 * Number(report.value('daily')), -1);
    expect(report.caveats).toContainEqual(expect.stringContaining('more than a year past the end'));
    const beyond = await tools.report('forecast_spend', { target_from: '2028-01-01', target_to: '2029-01-01' });
    expect([beyond.rows, beyond.value('total'), beyond.value('reach')]).toEqual([[], undefined, end]);
    expect(beyond.caveats).toEqual([expect.stringContaining('more than a year past the end')]);
  });
});
