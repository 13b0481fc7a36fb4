import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { UserExecutionContext } from '../../src/context/user-execution-context.js';
import { RunDays } from '../../src/cost-analysis/tools/run-days.js';
import type { UsageScope } from '../../src/cost-analysis/tools/usage-scope.js';
import { createTestDatabase, openDatabase, type OpenDatabase, type TestDatabase } from '../support/database.js';
import { importRows, someone, ToolBox, type PlainRow } from './cost-tools-setup.js';

const USD = 1_000_000_000n;
const { signal } = new AbortController();
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const iso = (moment: number): string => new Date(moment).toISOString();

/** Buckets of July: as many dollars as the day of the month; 100 and 200 on the first two days of August. A report without ends has the same days. */
const buckets: readonly PlainRow[] = Array.from({ length: 33 }, (_, day) => ({
  at: iso(Date.UTC(2026, 6, 1) + day * DAY_MS),
  ...(day % 2 === 0 ? { end: iso(Date.UTC(2026, 6, 2) + day * DAY_MS) } : {}),
  model: 'gpt-4o',
  input: 900,
  output: 100,
  computed: BigInt(day < 31 ? day + 1 : (day - 30) * 100) * USD,
  bucketRequests: 10,
}));

/** An hour each from midnight of the first of July in New York: five days and ten hours. */
const calls: readonly PlainRow[] = Array.from({ length: 5 * 24 + 10 }, (_, hour) => ({
  at: iso(Date.UTC(2026, 6, 1, 4) + hour * HOUR_MS),
  model: 'gpt-4o',
  computed: USD,
}));

/** Three calls around the day of a bill, which is one of UTC. */
const billed: readonly PlainRow[] = [
  ...(
    [
      ['2026-07-02T01:00:00Z', 4n],
      ['2026-07-02T23:30:00Z', 5n],
      ['2026-07-03T02:00:00Z', 7n],
    ] as const
  ).map(([at, usd]) => ({ at, model: 'gpt-4o', computed: usd * USD })),
  { at: '2026-07-02T00:00:00Z', end: '2026-07-03T00:00:00Z', isBill: true, reported: 10n * USD },
];

describe.each(['America/New_York', 'Pacific/Auckland', 'UTC'])('daily buckets and bills, read in %s', (zone) => {
  const there = { time_zone: zone };
  let test: TestDatabase;
  let open: OpenDatabase;
  let user: UserExecutionContext;
  let tools: ToolBox;
  const covered = (scope: UsageScope) => new RunDays(user, open.database).covered(scope, signal);
  const toolsOn = async (rows: readonly PlainRow[]): Promise<ToolBox> => {
    const one = await someone(open.database);
    await importRows(open.database, one, { rows });
    return new ToolBox(open.database, one);
  };

  beforeAll(async () => {
    test = await createTestDatabase();
    open = await openDatabase(test.url);
    user = await someone(open.database);
    await importRows(open.database, user, { rows: buckets });
    tools = new ToolBox(open.database, user);
  });

  afterAll(async () => {
    await open.close();
    await test.drop();
  });

  it('are those of their date, of one day and of a month', async () => {
    const day = await tools.report('data_quality', { from: '2026-07-02', to: '2026-07-03', ...there });
    expect(['spend', 'days', 'first_day', 'last_day'].map((path) => day.value(path))).toEqual([
      ...['2.000000000', '1', '2026-07-02', '2026-07-02'],
    ]);
    const month = { from: '2026-07-01', to: '2026-08-01', ...there };
    const july = await tools.report('data_quality', month);
    expect(['spend', 'days', 'first_day', 'last_day'].map((path) => july.value(path))).toEqual([
      ...['496.000000000', '31', '2026-07-01', '2026-07-31'],
    ]);
    expect(await covered(month)).toBe(31);
    expect(await covered(there)).toBe(33);
    expect((await tools.report('cost_breakdown', month)).value('total')).toBe('496.000000000');
  });

  it('are grouped by their date', async () => {
    const byDay = await tools.report('query_usage', { grain: 'day', limit: 2, ...there });
    expect(byDay.rows.map(({ period, cost_usd: usd }) => [period, usd])).toEqual([
      ['2026-08-02', '200.000000000'],
      ['2026-08-01', '100.000000000'],
    ]);
    const byMonth = await tools.report('query_usage', { grain: 'month', ...there });
    expect(byMonth.rows.map(({ period, cost_usd: usd }) => [period, usd])).toEqual([
      ['2026-08', '300.000000000'],
      ['2026-07', '496.000000000'],
    ]);
    const forecast = await tools.report('forecast_spend', {
      target_from: '2026-08-01',
      target_to: '2026-09-01',
      ...there,
    });
    expect([forecast.value('spent'), forecast.value('days')]).toEqual(['300.000000000', '33']);
  });

  it('are compared by their date, up to the last one of the data', async () => {
    const change = await tools.report('explain_change', { from: '2026-07-08', to: '2026-07-15', ...there });
    expect([change.value('after'), change.value('before')]).toEqual(['77.000000000', '28.000000000']);
    const cut = await tools.report('explain_change', { from: '2026-08-01', to: '2026-08-10', ...there });
    expect([cut.value('after'), cut.value('to')]).toEqual(['300.000000000', '2026-08-02']);
    expect([cut.value('before'), cut.value('compare_from')]).toEqual(['51.000000000', '2026-07-25']);
  });

  it('of a bill are compared with the usage of the same days', async () => {
    const report = await (
      await toolsOn(billed)
    ).report('reconcile_costs', {
      ...{ from: '2026-07-02', to: '2026-07-03', ...there },
    });
    expect([report.value('bill.openai.billed'), report.value('bill.openai.usage')]).toEqual([
      ...['10.000000000', '9.000000000'],
    ]);
  });
});

describe('single calls, read in New York', () => {
  it('make whole days there, which are counted there', async () => {
    const test = await createTestDatabase();
    const open = await openDatabase(test.url);
    const user = await someone(open.database);
    await importRows(open.database, user, { rows: calls });
    const scope = { time_zone: 'America/New_York', to: '2026-07-06' };
    expect(await new RunDays(user, open.database).covered(scope, signal)).toBe(5);
    const report = await new ToolBox(open.database, user).report('forecast_spend', { time_zone: scope.time_zone });
    expect([report.value('days'), report.value('daily')]).toEqual(['5', '24.000000000']);
    const savings = await new ToolBox(open.database, user).report('combine_savings', { from: '2026-07-01', ...scope });
    expect(savings.value('spend')).toBe('120.000000000');
    await open.close();
    await test.drop();
  });
});
