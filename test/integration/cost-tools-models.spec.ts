import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PriceOverrideStore } from '../../src/cost-analysis/prices/price-override-store.js';
import { Clock } from '../../src/telemetry/clock.js';
import { createTestDatabase, openDatabase, type OpenDatabase, type TestDatabase } from '../support/database.js';
import { importRows, someone, ToolBox, type PlainRow } from './cost-tools-setup.js';

/** A hundred calls of one hour: 2.4 million tokens in, fifty thousand out, four calls far longer than the others. */
const CALLS: readonly PlainRow[] = Array.from({ length: 100 }, (_, at) => ({
  at: new Date(Date.UTC(2026, 0, 2, 10, at)).toISOString(),
  model: 'gpt-4o',
  feature: 'chat',
  prefix: 'rules',
  input: at < 96 ? 20_000 : 120_000,
  output: at < 96 ? 100 : 10_100,
}));

describe('the tools that weigh models against each other', () => {
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

  const toolsWith = async (rows: readonly PlainRow[]): Promise<ToolBox> => {
    const [user, other] = [await someone(open.database), await someone(open.database)];
    await importRows(open.database, user, { rows });
    await importRows(open.database, other, { rows: [{ ...CALLS[0], at: '2026-01-02T00:00:00Z', model: 'gpt-5' }] });
    return new ToolBox(open.database, user);
  };

  describe('at list prices', () => {
    it('cascade_break_even: 1 − (1 + check) × cheap ÷ strong, and what is left at each share passed on', async () => {
      const tools = await toolsWith(CALLS);
      const report = await tools.report('cascade_break_even', { cheap_model: 'gpt-4o-mini' });
      // $2.50 and $10 a million against $0.15 and $0.60: $6.50 against $0.39.
      expect(report.value('gpt-4o.gpt-4o-mini.strong')).toBe('6.500000000');
      expect(report.value('gpt-4o.gpt-4o-mini.cheap')).toBe('0.390000000');
      expect(report.value('gpt-4o.gpt-4o-mini.break_even')).toBe('93.400000');
      // 6.5 − 1.1 × 0.39 − half, and − a fifth, of 6.5.
      expect(report.value('gpt-4o.gpt-4o-mini.saving_low')).toBe('2.821000000');
      expect(report.value('gpt-4o.gpt-4o-mini.saving_high')).toBe('4.771000000');
      expect(report.coverage.ratio).toBe('1.000000');
    });

    it('cascade_break_even counts as covered what it has a pair for, of all spend', async () => {
      const unpriced = { at: '2026-01-02T00:00:00Z', model: 'house', computed: null, reported: 6_500_000_000n };
      const report = await (await toolsWith([...CALLS, unpriced])).report('cascade_break_even');
      expect(report.coverage.ratio).toBe('0.500000');
      expect((await (await toolsWith([])).report('cascade_break_even')).rows).toEqual([]);
    });

    it('price_performance_frontier: all usage on each model, and which of those with a score are beaten', async () => {
      const report = await (
        await toolsWith(CALLS)
      ).report('price_performance_frontier', { scores: { 'gpt-4o': 80, 'openai/gpt-4o-mini': 80, 'gpt-5': 90 } });
      const row = (model: string) => report.rows.find((one) => one.model === model);
      expect(row('gpt-4o')).toMatchObject({ in_use: true, cost_usd: '6.500000000', outdone: true });
      expect(row('gpt-4o-mini')).toMatchObject({ in_use: false, cost_usd: '0.390000000', outdone: false });
      // $1.25 and $10 a million.
      expect(row('gpt-5')).toMatchObject({ cost_usd: '3.500000000', outdone: false });
      expect(report.rows.filter(({ outdone }) => outdone === null).length).toBeGreaterThan(0);
      const costs = report.rows.map((one) => Number(one.cost_usd));
      expect(costs).toEqual([...costs].sort((a, b) => b - a));
    });

    it('output_cap: a limit for each provider of a model, from the calls there', async () => {
      const calls = (provider: string, tokens: number) =>
        Array.from({ length: 20 }, (_, at): PlainRow => ({
          ...{ at: new Date(Date.UTC(2026, 0, 2, 10, at)).toISOString(), model: 'gpt-4o', provider },
          output: at === 19 ? 1_000_000 + tokens : tokens,
        }));
      const tools = await toolsWith([...calls('openai', 100), ...calls('azure', 700)]);
      const report = await tools.report('output_cap');
      expect(report.rows.map((row) => [row.model, row.of_provider, row.cap_high_tokens])).toEqual([
        ['gpt-4o', 'azure', '700'],
        ['gpt-4o', 'openai', '100'],
      ]);
      // A million tokens too many at each, at $10.
      for (const provider of ['azure', 'openai'])
        expect(report.value(`gpt-4o.${provider}.p95.saving`)).toBe('10.000000000');
      const alone = await (await toolsWith(calls('openai', 100))).report('output_cap');
      expect([alone.rows[0]?.of_provider, alone.value('gpt-4o.p95.cap')]).toEqual([null, '100']);
    });

    it('search_prices: the model of that name first, then others of the name, then cheaper ones', async () => {
      const report = await (await toolsWith([])).report('search_prices', { query: 'GPT-4o mini' });
      expect(report.rows[0]).toMatchObject({ model: 'gpt-4o-mini', provider: 'openai', negotiated: false });
      expect(report.value('openai.gpt-4o-mini.input')).toBe('0.150000000');
      expect(report.value('openai.gpt-4o-mini.cache_read')).toBe('0.075000000');
      expect(report.value('openai.gpt-4o-mini.output')).toBe('0.600000000');
      expect(report.value('openai.gpt-4o-mini.context')).toBe('128000');
      expect(report.caveats).toEqual(['These are list prices: you have negotiated none for these models.']);
      const words = await (await toolsWith([])).report('search_prices', { query: 'sonnet anthropic', limit: 2 });
      expect(words.rows).toHaveLength(2);
      expect(words.rows.every(({ model }) => typeof model === 'string' && model.includes('sonnet'))).toBe(true);
      const none = await (await toolsWith([])).report('search_prices', { query: 'no-such-model' });
      expect([none.rows, none.coverage.ratio]).toEqual([[], '0.000000']);
    });
  });

  it('search_prices: each of several models, and which of them the list does not have', async () => {
    const tools = await toolsWith([]);
    const report = await tools.report('search_prices', { query: 'gpt-4o, no-such-model, claude-haiku-4-5, GPT-4o' });
    expect(report.rows.map(({ model, asked }) => [model, asked])).toEqual([
      ['gpt-4o', true],
      ['claude-haiku-4-5', true],
    ]);
    expect(report.coverage.ratio).toBe('0.666667');
    expect(report.caveats[0]).toBe('The price list has no no-such-model.');
    const nothing = await tools.report('search_prices', { query: ',' });
    expect([nothing.rows, nothing.coverage.ratio]).toEqual([[], '0.000000']);
  });

  describe('at prices that the tenant negotiated', () => {
    /** gpt-4o at $1 and $4 a million, gpt-4o-mini at half its list price. */
    const negotiated = async (rows: readonly PlainRow[] = CALLS): Promise<ToolBox> => {
      const user = await someone(open.database);
      await new PriceOverrideStore(open.database, new Clock()).replace(user, [
        override('gpt-4o', { usdPerMillion: { input: '1', output: '4' } }),
        override('gpt-4o-mini', { discountPercent: '50' }),
      ]);
      const own = ({ input = 0, output = 0 }: PlainRow): bigint => BigInt(input) * 1_000n + BigInt(output) * 4_000n;
      await importRows(open.database, user, { rows: rows.map((row) => ({ ...row, computed: own(row) })) });
      return new ToolBox(open.database, user);
    };
    const override = (modelId: string, price: { usdPerMillion?: object; discountPercent?: string }) => ({
      provider: 'openai',
      modelId,
      validFrom: new Date(0),
      usdPerMillion: {},
      discountPercent: undefined,
      note: undefined,
      ...price,
    });

    it('are what a cheaper model is compared with, and what it costs', async () => {
      const tools = await negotiated();
      const simulated = await tools.report('simulate_model_substitution', { to_model: 'gpt-4o-mini' });
      // $2.60 against $0.075 and $0.30 a million: $0.195.
      expect(simulated.value('gpt-4o.cost_now')).toBe('2.600000000');
      expect(simulated.value('gpt-4o.gpt-4o-mini.cost_then')).toBe('0.195000000');
      const cascade = await tools.report('cascade_break_even', { cheap_model: 'gpt-4o-mini' });
      expect(cascade.value('gpt-4o.gpt-4o-mini.break_even')).toBe('91.750000');
      const frontier = await tools.report('price_performance_frontier');
      expect(frontier.value('gpt-4o.cost')).toBe('2.600000000');
      expect(frontier.value('gpt-4o-mini.cost')).toBe('0.195000000');
      // $1.25 a million for input is no longer cheaper than $1.
      expect(frontier.rows.map(({ model }) => model)).not.toContain('gpt-5');
    });

    it('are what limits, shorter inputs and caching save', async () => {
      const tools = await negotiated();
      // Four calls with ten thousand tokens of output and a hundred thousand of input more than the others.
      expect((await tools.report('output_cap')).value('gpt-4o.p95.saving')).toBe('0.160000000');
      expect((await tools.report('oversized_context')).value('saving_high')).toBe('0.400000000');
      // 99 of a hundred calls read 20,000 tokens at half of $1.
      expect((await tools.report('cache_opportunity')).value('gpt-4o.saving_high')).toBe('0.990000000');
      const combined = await tools.report('combine_savings', { batch_features: ['chat'] });
      expect(combined.value('context.gpt-4o.gross_high')).toBe('0.400000000');
      expect(combined.value('caching.gpt-4o.gross_high')).toBe('0.990000000');
      expect(combined.value('batch.gpt-4o.gross_high')).toBe('1.300000000');
    });

    it('are shown where prices are asked for', async () => {
      const report = await (await negotiated()).report('search_prices', { query: 'gpt-4o' });
      expect(report.rows[0]).toMatchObject({ model: 'gpt-4o', negotiated: true });
      expect(report.value('openai.gpt-4o.input')).toBe('1.000000000');
      expect(report.value('openai.gpt-4o-mini.input')).toBe('0.075000000');
      expect(report.caveats[0]).toContain('you negotiated');
    });
  });
});
