import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../../src/context/json.js';
import type { UserExecutionContext } from '../../src/context/user-execution-context.js';
import { createTestDatabase, openDatabase, type OpenDatabase, type TestDatabase } from '../support/database.js';
import { importRows, someone, ToolBox } from './cost-tools-setup.js';

const USD = 1_000_000_000n;

describe('the tools that add up usage', () => {
  let test: TestDatabase;
  let open: OpenDatabase;
  let alice: UserExecutionContext;
  let tools: ToolBox;

  beforeAll(async () => {
    test = await createTestDatabase();
    open = await openDatabase(test.url);
    alice = await someone(open.database);
    tools = new ToolBox(open.database, alice);
    const [model, day] = ['gpt-4o', '2025-03-01T10:00:00Z'];
    await importRows(open.database, alice, {
      label: 'Gateway',
      rows: [
        {
          at: day,
          model,
          input: 100,
          output: 10,
          computed: 6n * USD,
          reported: 7n * USD,
          team: 'support',
          feature: 'chat',
        },
        { at: day, model: 'gpt-4o-mini', input: 50, output: 5, computed: 3n * USD, reported: 3n * USD, team: 'search' },
        { at: '2025-03-02T10:00:00Z', model, input: 10, output: 1, computed: 1n * USD, reported: null },
        { at: '2025-03-02T11:00:00Z', model: 'house-model', input: 7, output: 3, computed: null, reported: 2n * USD },
        { at: '2025-03-02T12:00:00Z', model: 'house-model', input: 4, output: 1, computed: null, reported: null },
      ],
    });
    const bob = await someone(open.database);
    await importRows(open.database, bob, {
      rows: [{ at: day, model: 'bobs-model', computed: 1000n * USD, team: 'bobs' }],
    });
  });

  afterAll(async () => {
    await open.close();
    await test.drop();
  });

  it('breaks down by every dimension in one go, untagged first, exact to the nano', async () => {
    const report = await tools.report('cost_breakdown');
    expect(report.scope).toBe('cost_breakdown');
    expect(report.value('total')).toBe('12.000000000');
    expect(report.value('model.gpt-4o.cost')).toBe('7.000000000');
    expect(report.value('model.gpt-4o.share')).toBe('58.333333');
    expect(report.value('model.house-model.cost')).toBe('2.000000000');
    expect(report.value('team.(untagged).share')).toBe('25.000000');
    const teams = report.rows.filter(({ dimension }) => dimension === 'team');
    expect(teams.map(({ name, cost_usd }) => [name, cost_usd])).toEqual([
      [null, '3.000000000'],
      ['support', '6.000000000'],
      ['search', '3.000000000'],
    ]);
    expect(teams.at(-1)?.running_share).toBe('1.000000');
    expect(JSON.stringify(report)).not.toContain('bobs');
  });

  it('reconciles over rows that have both costs, and shows what has no price', async () => {
    const report = await tools.report('reconcile_costs');
    expect(report.value('reported_comparable')).toBe('10.000000000');
    expect(report.value('recomputed')).toBe('9.000000000');
    expect(report.value('gap')).toBe('1.000000000');
    expect(report.value('gap_percent')).toBe('11.111111');
    expect(report.value('reported')).toBe('12.000000000');
    expect(report.value('unpriced_rows')).toBe('2');
    expect(report.value('unpriced_reported')).toBe('2.000000000');
    expect(report.value('unknown_tokens')).toBe('5');
    expect(report.value('source.gateway-real-usage.cost')).toBe('12.000000000');
    expect(report.rows.filter(({ kind }) => kind === 'model').map(({ name }) => name)).toEqual(['gpt-4o']);
  });

  it('looks at which fields there are', async () => {
    const result = await tools.call('data_quality');
    expect(result).toMatchObject({ sufficiency: 'sufficient', sources: ['generic'] });
    const report = await tools.report('data_quality');
    expect(report.value('days')).toBe('2');
    expect(report.value('rows')).toBe('5');
    expect(report.value('coverage.team')).toBe('75.000000');
    expect(report.value('first_day')).toBe('2025-03-01');
    expect(report.value('last_day')).toBe('2025-03-02');
    expect(result.missing).toEqual(expect.arrayContaining(['project', 'prompt hash']));
    expect(result.missing).not.toContain('team');
  });

  it('groups by time and dimension, within a range and a filter', async () => {
    const byDay = await tools.report('query_usage', { grain: 'day' });
    expect(byDay.rows.map(({ period, cost_usd }) => [period, cost_usd])).toEqual([
      ['2025-03-02', '3.000000000'],
      ['2025-03-01', '9.000000000'],
    ]);
    const one = await tools.report('query_usage', {
      group_by: ['model'],
      to: '2025-03-02',
      where: { team: 'support' },
    });
    expect(one.rows).toMatchObject([{ model: 'gpt-4o', cost_usd: '6.000000000', input_tokens: '100' }]);
    expect(one.scope).toBe('query_usage:group_by=model:to=2025-03-02:where.team=support');
  });

  it('covers what has the names that are asked for, shown or not', async () => {
    const coverage = async (parameters: JsonObject) => (await tools.report('query_usage', parameters)).coverage.ratio;
    expect(await coverage({ group_by: ['team'] })).toBe('0.750000');
    expect(await coverage({ group_by: ['team'], limit: 1 })).toBe('0.750000');
    expect(await coverage({ grain: 'day', limit: 1 })).toBe('1.000000');
  });

  it('covers nothing where there is spend and nothing to look at', async () => {
    const user = await someone(open.database);
    const bucket = { at: '2025-03-01T10:00:00Z', model: 'gpt-4o', input: 9, output: 9, computed: USD };
    await importRows(open.database, user, {
      rows: [
        { ...bucket, bucketRequests: 3 },
        { ...bucket, bucketRequests: 3, stream: true },
        { ...bucket, bucketRequests: 3, isBatch: false },
        { ...bucket, bucketRequests: 3, computed: null, reported: USD },
      ],
    });
    const own = new ToolBox(open.database, user);
    for (const tool of ['output_cap', 'oversized_context'])
      expect([tool, (await own.report(tool)).coverage.ratio]).toEqual([tool, '0.000000']);
    expect((await own.report('batch_opportunity')).coverage.ratio).toBe('0.500000');
  });

  it('keeps names from a caller out of the statement', async () => {
    const report = await tools.report('query_usage', { where: { team: `x' OR '1'='1` } });
    expect(report.rows).toEqual([]);
    await expect(tools.call('query_usage', { group_by: ['tenant_id'] })).rejects.toThrow();
    await expect(tools.call('query_usage', { from: 'yesterday' })).rejects.toThrow();
  });

  it('answers without data, and says what is missing', async () => {
    const nobody = new ToolBox(open.database, await someone(open.database));
    expect(await nobody.call('data_quality')).toMatchObject({ sufficiency: 'insufficient', sources: [] });
    for (const tool of [
      'cost_breakdown',
      'reconcile_costs',
      'query_usage',
      'detect_anomalies',
      'forecast_spend',
      'simulate_model_substitution',
      'output_cap',
      'retry_waste',
      'duplicate_requests',
      'oversized_context',
      'cache_opportunity',
      'batch_opportunity',
      'combine_savings',
    ]) {
      const report = await nobody.report(tool);
      expect(report.coverage.ratio === null || report.coverage.ratio === '0.000000').toBe(true);
    }
  });

  it('does not start when the run was stopped', async () => {
    await expect(tools.call('cost_breakdown', {}, AbortSignal.abort(new Error('stopped')))).rejects.toThrow('stopped');
  });
});
