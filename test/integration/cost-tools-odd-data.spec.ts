import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { ToolReport } from '../../src/cost-analysis/tools/fact.js';
import { createTestDatabase, openDatabase, type OpenDatabase, type TestDatabase } from '../support/database.js';
import { importRows, someone, ToolBox, type PlainRow } from './cost-tools-setup.js';
import { expectedOf } from './expected-figures.js';

const SEED = 20_261_121;
const RANDOM_CASES = 12;
const SAVINGS_TOOLS = ['retry_waste', 'duplicate_requests', 'oversized_context', 'batch_opportunity'] as const;
const OTHER_TOOLS = [
  'data_quality',
  'query_usage',
  'detect_anomalies',
  'forecast_spend',
  'make_chart',
  'reconcile_costs',
  'simulate_model_substitution',
  'output_cap',
  'cache_opportunity',
  'cascade_break_even',
  'commitment_break_even',
  'latency_cost_tradeoff',
  'price_performance_frontier',
] as const;

const at = (day: number, second = 0): string => new Date(Date.UTC(2026, 0, day, 10, 0, second)).toISOString();
const call: PlainRow = { at: at(1), model: 'gpt-4o', feature: 'chat', team: 'support', input: 2_000, output: 300 };
const times = (count: number, row: (at: number) => PlainRow): PlainRow[] =>
  Array.from({ length: count }, (_, n) => row(n));

const ODD: Readonly<Record<string, readonly PlainRow[]>> = {
  'nothing at all': [],
  'one row': [call],
  'only errors': times(5, (n) => ({ ...call, at: at(1, n), status: 'error', prompt: 'p' })),
  'no tokens': times(3, (n) => ({ ...call, at: at(1, n), input: 0, output: 0 })),
  'models without a price': times(3, (n) => ({
    ...call,
    at: at(1, n),
    model: 'house',
    reported: n === 0 ? 5_000n : null,
  })),
  'neither price nor cost': times(3, (n) => ({ ...call, at: at(1, n), model: 'house' })),
  'buckets that count no requests': times(20, (n) => ({
    ...call,
    at: at(1 + n),
    bucketRequests: null,
    input: 9_000_000,
  })),
  'only a bill': times(20, (n) => ({ at: at(1 + n), isBill: true, reported: 3_000_000_000n, model: 'gpt-4o' })),
  'a bill of credits': times(3, (n) => ({ at: at(1 + n), isBill: true, reported: n === 0 ? 1n : -2_000_000_000n })),
  'answers from a cache': times(4, (n) => ({ ...call, at: at(1, n), status: 'cached', output: 100_000, prompt: 'p' })),
  'batches alone': times(30, (n) => ({
    ...call,
    at: at(1 + n),
    isBatch: true,
    output: n === 0 ? 90_000 : 10,
    prefix: 'x',
  })),
  'one giant among dwarfs': times(100, (n) => ({ ...call, at: at(1, n), output: n === 0 ? 90_000 : 1, input: 1 })),
};

const odd = fc.record({
  day: fc.integer({ min: 1, max: 24 }),
  second: fc.integer({ min: 0, max: 7_200 }),
  model: fc.constantFrom('gpt-4o', 'gpt-4o-mini', 'claude-sonnet-4-5', 'house', null),
  input: fc.constantFrom(0, 1, 900, 2_000, 40_000, 3_000_000),
  cachedShare: fc.constantFrom(0, 0, 0.5, 1),
  output: fc.constantFrom(0, 5, 300, 60_000),
  status: fc.constantFrom<NonNullable<PlainRow['status']>>('ok', 'ok', 'ok', 'error', 'aborted', 'cached'),
  feature: fc.constantFrom('chat', 'search', null),
  team: fc.constantFrom('support', null),
  prompt: fc.constantFrom('a', 'b', undefined),
  prefix: fc.constantFrom('x', undefined),
  reported: fc.constantFrom(null, null, 0n, 7_000_000n),
  bucketRequests: fc.constantFrom(undefined, undefined, undefined, null, 40),
  isBatch: fc.constantFrom(undefined, false, true),
  serviceTier: fc.constantFrom(undefined, 'flex', 'scale'),
  operation: fc.constantFrom('chat', 'embeddings'),
});

const plain = ({
  day,
  second,
  cachedShare,
  model,
  bucketRequests,
  ...rest
}: ReturnType<typeof sample>[number]): PlainRow => ({
  ...withoutAbsent(rest),
  ...(bucketRequests === undefined ? {} : { bucketRequests }),
  at: at(day, second),
  model,
  provider: model === 'claude-sonnet-4-5' ? 'anthropic' : 'openai',
  cacheRead: Math.floor(rest.input * cachedShare),
});
const withoutAbsent = (row: object): object =>
  Object.fromEntries(Object.entries(row).filter(([, value]) => value !== undefined));
const sample = (seed: number) => fc.sample(odd, { seed, numRuns: 60 });

/** A fact as a number; undefined where the report has none. */
type NamedReport = Awaited<ReturnType<ToolBox['report']>>;
const numberOf = (report: NamedReport | undefined, path: string): number | undefined => {
  const value = report?.value(path);
  return value === undefined ? undefined : Number(value);
};

describe('whatever the usage looks like', () => {
  let test: TestDatabase;
  let open: OpenDatabase;
  beforeAll(async () => {
    test = await createTestDatabase();
    open = await openDatabase(test.url);
  });
  afterAll(async () => {
    await open.close();
    await test.drop();
  });

  const CASES: [string, readonly PlainRow[]][] = [
    ...Object.entries(ODD),
    ...Array.from({ length: RANDOM_CASES }, (_, n): [string, PlainRow[]] => [
      `random rows of seed ${SEED + n}`,
      sample(SEED + n).map(plain),
    ]),
  ];

  it.each(CASES)('figures are those of another computation, and savings within bounds: %s', async (_name, rows) => {
    const user = await someone(open.database);
    await importRows(open.database, user, { rows });
    const tools = new ToolBox(open.database, user);
    const expected = expectedOf(rows);

    const breakdown = await tools.report('cost_breakdown', { limit: 50 });
    expect(breakdown.value('total') === undefined).toBe(rows.length > 0 && !expected.isPriced);
    const spend = numberOf(breakdown, 'total') ?? 0;
    expect(spend).toBeCloseTo(expected.spendUsd, 9);
    for (const dimension of ['model', 'team', 'feature']) {
      const costs = breakdown.rows.filter((row) => row.dimension === dimension).map((row) => Number(row.cost_usd));
      expect(costs.reduce((sum, cost) => sum + cost, 0)).toBeCloseTo(spend, 6);
    }

    const reports = new Map<string, NamedReport>([['cost_breakdown', breakdown]]);
    for (const tool of [...SAVINGS_TOOLS, ...OTHER_TOOLS]) reports.set(tool, await tools.report(tool));
    const combined = await tools.report('combine_savings', { batch_features: ['chat'] });
    for (const [tool, report] of [...reports, ['combine_savings', combined] as const]) checkForm(tool, report);

    const value = (tool: string, path: string): number => numberOf(reports.get(tool), path) ?? 0;
    expect(value('retry_waste', 'waste')).toBeCloseTo(expected.retryWasteUsd, 9);
    expect(value('duplicate_requests', 'saving_high')).toBeCloseTo(expected.duplicatesUsd, 6);
    for (const { model, tokens } of expected.outputExcess)
      expect([model, value('output_cap', `${model}.p95.excess`)]).toEqual([model, tokens]);

    for (const tool of SAVINGS_TOOLS) {
      const [low, high] = [value(tool, 'saving_low'), value(tool, 'saving_high')];
      expect([tool, low >= 0, low <= high, high <= Math.max(0, spend)]).toEqual([tool, true, true, true]);
    }
    checkCombined(combined, spend);
    await checkChange(tools, rows);
  });

  it('looks ahead from the latest days only, where years lie between two sources', async () => {
    const user = await someone(open.database);
    const hours = (day: string): PlainRow[] =>
      times(24, (hour) => ({
        ...call,
        at: `${day}T${String(hour).padStart(2, '0')}:30:00Z`,
        computed: 10_000_000_000n / 24n,
      }));
    const days = times(20, (n) => ({ at: at(1 + n) })).flatMap((day) => hours(day.at.slice(0, 10)));
    await importRows(open.database, user, { rows: [...hours('2023-11-16'), ...days] });
    const tools = new ToolBox(open.database, user);
    const forecast = await tools.report('forecast_spend');
    expect([forecast.value('days'), forecast.value('total')]).toEqual(['20', '300.000000000']);
    expect(forecast.caveats.join()).toContain('gap of more than a week');
    const commitment = await tools.report('commitment_break_even');
    // Ten dollars a day at nine tenths, thirty days.
    expect(commitment.value('discount-10.month')).toBe('270.000000000');
    const anomalies = await tools.report('detect_anomalies');
    // Of the twenty days of the latest range, those with fourteen before them.
    expect([anomalies.value('days'), anomalies.value('events')]).toEqual(['6', '0']);
  });

  function checkForm(tool: string, { rows, facts, coverage }: ToolReport): void {
    const amounts = rows.flatMap((row) => Object.entries(row).filter(([name]) => /(^|_)usd$/.test(name)));
    expect([tool, amounts.filter(([, amount]) => [amount].flat().some((one) => typeof one === 'number'))]).toEqual([
      tool,
      [],
    ]);
    const ratio = coverage.ratio === null ? null : Number(coverage.ratio);
    expect([tool, ratio === null || (ratio >= 0 && ratio <= 1)]).toEqual([tool, true]);
    const wrong = facts.filter(
      ({ unit, value }) => unit !== 'date' && unit !== 'time' && !/^-?\d+(\.\d+)?$/.test(value),
    );
    expect([tool, wrong]).toEqual([tool, []]);
    for (const { id, value } of facts) {
      if (!id.endsWith('saving_low') && !id.endsWith('_low')) continue;
      const high = facts.find((one) => one.id === id.replace(/low$/, 'high'));
      if (high !== undefined) expect([id, Number(value) <= Number(high.value)]).toEqual([id, true]);
    }
  }

  function checkCombined(combined: NamedReport, spend: number): void {
    const value = (path: string): number => numberOf(combined, path) ?? 0;
    const net = combined.rows.map((row) => Number(combined.facts.find(({ id }) => id === row.net_high_fact)?.value));
    const gross = combined.rows.map((row) =>
      Number(combined.facts.find(({ id }) => id === row.gross_high_fact)?.value),
    );
    for (const [index, one] of net.entries()) expect(one).toBeLessThanOrEqual((gross[index] ?? 0) + 1e-9);
    expect(value('net_high')).toBeLessThanOrEqual(Math.max(0, spend) + 1e-9);
    expect(value('net_high')).toBeLessThanOrEqual(value('gross_high') + 1e-9);
    expect(value('gross_high') - value('net_high')).toBeCloseTo(value('overlap_high'), 9);
  }

  async function checkChange(tools: ToolBox, rows: readonly PlainRow[]): Promise<void> {
    const change = await tools.report('explain_change', {
      from: '2026-01-13',
      to: '2026-01-25',
      compare_from: '2026-01-01',
      compare_to: '2026-01-13',
    });
    checkForm('explain_change', change);
    const sides = [
      rows.filter((row) => row.at < '2026-01-13'),
      rows.filter((row) => row.at >= '2026-01-13' && row.at < '2026-01-25'),
    ] as const;
    const [before, after] = [expectedOf(sides[0]), expectedOf(sides[1])];
    const isUnknown = sides.some((side, at) => side.length > 0 && ![before, after][at]?.isPriced);
    expect(change.value('change') === undefined).toBe(isUnknown);
    if (isUnknown) return;
    const effects = change.rows.filter(({ row }) => row === 'effect').map(({ change_usd: usd }) => Number(usd));
    expect(effects.reduce((sum, one) => sum + one, 0)).toBeCloseTo(Number(change.value('change')), 6);
    expect(Number(change.value('change'))).toBeCloseTo(after.spendUsd - before.spendUsd, 6);
  }
});
