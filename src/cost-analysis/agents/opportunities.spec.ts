import { describe, expect, it } from '@jest/globals';
import { RunFacts } from '../reports/run-facts.js';
import { actionSteps } from './action-steps.js';
import { opportunities } from './opportunities.js';

const fact = (id: string, value: string, unit = 'usd') => ({
  id,
  value,
  unit,
  decimals: 2,
  formula: '',
  inputs: [],
  as_of: null,
});

const record = (
  tool: string,
  facts: ReturnType<typeof fact>[],
  rows: Record<string, string | boolean | null>[] = [],
) => ({
  tool,
  success: true,
  result: { scope: tool, facts, rows, coverage: { ratio: null, needs: [] }, caveats: [] },
});

const substitution = record(
  'simulate_model_substitution',
  [fact('s.low', '30'), fact('s.high', '80'), fact('t.low', '3'), fact('t.high', '8')],
  [
    {
      from_model: 'gpt-4o',
      to_model: 'gpt-4o-mini',
      suggested: true,
      low_fact: 's.low',
      high_fact: 's.high',
      coverage_fact: 's.part',
    },
    { from_model: 'gpt-4o', to_model: 'gpt-5-nano', suggested: false, low_fact: 't.low', high_fact: 't.high' },
  ],
);
const cap = record(
  'output_cap',
  [fact('c.low', '0.10'), fact('c.high', '0.90')],
  [{ model: 'gpt-4o', low_fact: 'c.low', high_fact: 'c.high' }],
);

describe('opportunities', () => {
  it('are the suggested ones, the largest first', () => {
    const found = opportunities(new RunFacts([cap, substitution]), { spendUsd: 100, days: 1 });
    expect(found[0]?.coverage_fact).toBe('s.part');
    expect(found.map(({ key }) => key)).toEqual(['substitution:gpt-4o:gpt-4o-mini', 'output_cap:gpt-4o']);
  });

  it('are shown from a dollar a month and half a percent of spend up', () => {
    const keys = (spendUsd: number, days: number) => opportunities(new RunFacts([cap]), { spendUsd, days }).length;
    expect([keys(100, 26), keys(100, 28), keys(179, 1), keys(181, 1)]).toEqual([1, 0, 1, 0]);
  });
});

describe('the plan of action', () => {
  it('first makes the figures right, then saves, then makes costs visible', () => {
    const facts = new RunFacts([
      record('reconcile_costs', [
        fact('reconcile_costs.gap_percent', '-5', 'percent'),
        fact('reconcile_costs.unpriced_rows', '3', 'count'),
      ]),
      record('cost_breakdown', [fact('cost_breakdown.team.(untagged).share', '40', 'percent')]),
      substitution,
    ]);
    const steps = actionSteps(facts, opportunities(facts, { spendUsd: 100, days: 1 }));
    expect(steps.map(({ step }) => step)).toEqual([
      'Clear up why reported and recomputed cost differ',
      'Name the models that have no list price, or import their cost',
      'Move part of the traffic of gpt-4o to gpt-4o-mini',
      'Send a team with every request, so that each cost has an owner',
      'Import at least fourteen days of usage',
    ]);
    expect(steps[2]?.saving_facts).toEqual({ low: 's.low', high: 's.high' });
  });
});
