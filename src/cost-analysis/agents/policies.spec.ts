import { describe, expect, it } from '@jest/globals';
import type { PlannedResult } from '../../models/plan.js';
import { RunFacts } from '../reports/run-facts.js';
import { callsThenText } from './calls-then-text.js';
import { DATA_TOOLS, dataCalls, dataPolicy } from './data-policy.js';
import { INTENTS } from './intent-words.table.js';
import { explainCalls } from './explain-calls.js';
import { triageFinding, type TriageFinding } from './findings.js';
import { optimizationCalls, optimizationPolicy } from './optimization-policy.js';
import { triagePolicy } from './triage-policy.js';

const triage = (changes: Partial<TriageFinding> = {}): TriageFinding => ({
  ...triageFinding({ findings: {} }),
  days: 60,
  ...changes,
});

const result = (tool: string, facts: Record<string, string>): PlannedResult => ({
  tool,
  parameters: {},
  success: true,
  result: {
    scope: tool,
    facts: Object.entries(facts).map(([path, value]) => ({
      id: `${tool}.${path}`,
      value,
      unit: 'usd',
      decimals: 2,
      formula: '',
      inputs: [],
      as_of: null,
    })),
    rows: [],
    coverage: { ratio: null, needs: [] },
    caveats: [],
  },
});

const NOTHING = { topics: [], continues: [] };
const none = new RunFacts([]);

const tools = (calls: readonly { tool: string }[]): string[] => calls.map(({ tool }) => tool);

describe('what the agents do without a model', () => {
  it('triage looks at the data once, then repeats what the rules read', () => {
    const plan = callsThenText(
      triagePolicy({ ...NOTHING, intent: 'savings', entities: { models: ['gpt-4o'], dimensions: [] } }),
    );
    expect(plan({ input: {}, calls: [] })).toMatchObject({ calls: [{ tool: 'data_quality', parameters: {} }] });
    const end = plan({ input: {}, calls: [result('data_quality', { rows: '5', days: '2' })] });
    expect(end).toMatchObject({ text: '{"intent":"savings","models":["gpt-4o"],"dimensions":[]}' });
  });

  it.each(INTENTS)('the data agent may make every call that a question of the kind %s suggests', (intent) => {
    const suggested = tools(dataCalls(triage({ intent })));
    expect(DATA_TOOLS).toEqual(expect.arrayContaining(suggested));
  });

  it.each([
    [['team'], '1 of 0 known fields is missing'],
    [['team', 'feature'], '2 of 0 known fields are missing'],
  ])('triage counts what is missing: %j', (missing, words) => {
    const plan = callsThenText(triagePolicy({ ...NOTHING, intent: 'total', entities: { models: [], dimensions: [] } }));
    const looked = result('data_quality', { rows: '5', days: '2' });
    const end = plan({ input: {}, calls: [{ ...looked, result: { ...looked.result, missing } }] });
    expect(end.reasoning).toContain(words);
  });

  it('triage says so when the data could not be looked at', () => {
    const plan = callsThenText(
      triagePolicy({ ...NOTHING, intent: 'overview', entities: { models: [], dimensions: [] } }),
    );
    const failed: PlannedResult = {
      tool: 'data_quality',
      parameters: {},
      success: false,
      error: { code: 'tool_failed', message: 'x' },
    };
    expect(plan({ input: {}, calls: [failed] }).reasoning).toContain('could not be looked at');
  });

  it('data makes all open calls at once, and none twice', () => {
    const plan = callsThenText(dataPolicy(triage(), none));
    const first = plan({ input: {}, calls: [] });
    expect('calls' in first && tools(first.calls)).toEqual([
      'reconcile_costs',
      'cost_breakdown',
      'detect_anomalies',
      'forecast_spend',
      'make_chart',
    ]);
    const calls = [
      result('cost_breakdown', { total: '12.000000000' }),
      result('reconcile_costs', {}),
      result('detect_anomalies', {}),
      result('make_chart', {}),
    ];
    expect(plan({ input: {}, calls })).toMatchObject({ calls: [{ tool: 'forecast_spend' }] });
    const end = plan({ input: {}, calls: [...calls, { ...result('forecast_spend', {}), success: false }] });
    expect(end.reasoning).toBe('Spend is $12.00. There is no reported cost to reconcile with. forecast_spend failed.');
    expect(end).toMatchObject({ text: expect.stringContaining('{{fact:cost_breakdown.total}}') });
  });

  it('data leaves statistics out where there are too few days, and follows the question', () => {
    expect(tools(dataCalls(triage({ days: 1 })))).toEqual(['reconcile_costs', 'cost_breakdown']);
    expect(tools(dataCalls(triage({ days: null })))).toContain('forecast_spend');
    const entities = { models: [], dimensions: ['user' as const], from: '2025-01-01', to: '2025-02-01' };
    const scope = { from: '2025-01-01', to: '2025-02-01' };
    expect(dataCalls(triage({ entities, intent: 'trend' }))).toEqual([
      { tool: 'reconcile_costs', parameters: scope },
      { tool: 'query_usage', parameters: { ...scope, grain: 'week' } },
      { tool: 'forecast_spend', parameters: {} },
      { tool: 'make_chart', parameters: { charts: ['spend_over_time'] } },
    ]);
    expect(dataCalls(triage({ entities, intent: 'anomaly' }))).toContainEqual({
      tool: 'detect_anomalies',
      parameters: { to: '2025-02-01', report_from: '2025-01-01' },
    });
    expect(dataCalls(triage({ entities, intent: 'total' }))).toContainEqual({
      tool: 'cost_breakdown',
      parameters: { ...scope, dimensions: ['user', 'model', 'team', 'feature'] },
    });
  });

  it('data explains a change of the days that were asked about, else of the most unusual ones, else of the last week', () => {
    const asked = (changes: Partial<TriageFinding>, now = none, before = none) =>
      explainCalls(triage({ intent: 'change', ...changes }), { before, now }).map(({ parameters }) => parameters);
    const entities = { models: [], dimensions: [], from: '2025-01-07', to: '2025-01-08' };
    expect(asked({ entities, where: { team: 'support' } })).toEqual([
      { from: '2025-01-07', to: '2025-01-08', where: { team: 'support' } },
    ]);
    const found = result('detect_anomalies', {});
    const rows = [
      { from: '2025-01-01', to: '2025-01-01', difference_usd: '5' },
      { from: '2025-02-01', to: '2025-02-02', difference_usd: '50' },
    ];
    const events = new RunFacts([{ ...found, result: { ...found.result, rows } }]);
    expect(asked({}, events)).toEqual([{ from: '2025-02-01', to: '2025-02-03' }]);
    const seen = new RunFacts([result('data_quality', { last_day: '2025-03-10' })]);
    expect(asked({}, none, seen)).toEqual([{ from: '2025-03-04', to: '2025-03-11' }]);
    expect(asked({ intent: 'forecast' }, events, seen)).toEqual([]);
    const period = { models: [], dimensions: [], from: '2025-01-01', to: '2025-03-01' };
    for (const intent of ['overview', 'anomaly'] as const)
      for (const within of [period, { models: [], dimensions: [], grain: 'week' as const }]) {
        expect(asked({ intent, entities: within }, events, seen)).toEqual([{ from: '2025-02-01', to: '2025-02-03' }]);
        expect(asked({ intent, entities: within }, none, seen)).toEqual([]);
      }
  });

  it.each([
    { last: '2025-07-20', before: { compare_from: '2025-06-01', compare_to: '2025-06-21' } },
    { last: '2025-07-31', before: { compare_from: '2025-06-01', compare_to: '2025-07-01' } },
    { last: '2025-03-31', before: { compare_from: '2025-02-01', compare_to: '2025-03-01' } },
  ])(
    'data holds a month until $last against as much of the one before, of which no day is in both',
    ({ last, before }) => {
      const seen = new RunFacts([result('data_quality', { first_day: '2025-01-01', last_day: last })]);
      const asked = triage({ intent: 'change', entities: { models: [], dimensions: [], grain: 'month' } });
      expect(explainCalls(asked, { before: seen, now: none }).map(({ parameters }) => parameters)).toMatchObject([
        before,
      ]);
    },
  );

  it('optimization asks what the data allows and the question names', () => {
    const all = [
      'retry_waste',
      'oversized_context',
      'output_cap',
      'simulate_model_substitution',
      'batch_opportunity',
      'combine_savings',
    ];
    const missing = ['prompt hash', 'prefix hash'];
    expect(tools(optimizationCalls(triage({ missing }), []))).toEqual(all);
    expect(tools(optimizationCalls(triage(), []))).toHaveLength(8);
    expect(tools(optimizationCalls(triage({ missing: [...missing, 'single requests'] }), []))).toEqual([
      'retry_waste',
      'simulate_model_substitution',
      'batch_opportunity',
      'combine_savings',
    ]);
    const entities = { models: ['gpt-5-mini', 'gpt-4o'], dimensions: [], from_model: 'gpt-4o', to_model: 'gpt-5-mini' };
    expect(optimizationCalls(triage({ intent: 'what_if', entities }), ['gpt-4o'])).toEqual([
      { tool: 'simulate_model_substitution', parameters: { from_model: 'gpt-4o', to_model: 'gpt-5-mini' } },
    ]);
    expect(tools(optimizationCalls(triage({ intent: 'savings', topics: ['caching'] }), []))).toEqual([
      'cache_opportunity',
    ]);
    expect(optimizationCalls(triage({ intent: 'forecast' }), [])).toEqual([]);
  });

  it('every tool gets the limits of the question', () => {
    const scoped = triage({ where: { team: 'support' } });
    const calls = [...dataCalls(scoped), ...optimizationCalls(scoped, [])];
    expect(calls.map(({ parameters }) => parameters.where)).toEqual(calls.map(() => ({ team: 'support' })));
  });

  it('optimization says when nothing is worth the work', () => {
    const asked = triage({ intent: 'savings' });
    const calls = [{ tool: 'combine_savings', parameters: {} }];
    const plan = callsThenText(optimizationPolicy(calls, asked));
    expect(plan({ input: {}, calls: [result('combine_savings', {})] })).toMatchObject({
      text: 'No saving is large enough to be worth the work.',
    });
  });
});
