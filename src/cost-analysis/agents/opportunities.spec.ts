import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../../context/json.js';
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

const record = (tool: string, facts: ReturnType<typeof fact>[], rows: JsonObject[] = []) => ({
  tool,
  success: true,
  result: { scope: tool, facts, rows, coverage: { ratio: null, needs: [] }, caveats: [] },
});

const combined = record(
  'combine_savings',
  [fact('cap.net_high', '0.90'), fact('move.net_high', '80')],
  ['output_cap', 'substitution'].map((kind) => {
    const id = kind === 'substitution' ? 'move' : 'cap';
    return {
      kind,
      model: 'gpt-4o',
      to_model: kind === 'substitution' ? 'gpt-4o-mini' : null,
      confidence: 'derived',
      gross_low_fact: `${id}.gross_low`,
      gross_high_fact: `${id}.gross_high`,
      net_low_fact: `${id}.net_low`,
      net_high_fact: `${id}.net_high`,
      coverage_fact: `${id}.part`,
      ...(id === 'move' ? { caveats: ['Its context window is not known.'] } : {}),
    };
  }),
);

describe('opportunities', () => {
  it('are what the combination found, the largest net first', () => {
    const found = opportunities(new RunFacts([combined]));
    expect(found.map(({ key }) => key)).toEqual(['substitution:gpt-4o:gpt-4o-mini', 'output_cap:gpt-4o']);
    expect(found[0]).toMatchObject({ coverage_fact: 'move.part', low_fact: 'move.gross_low', confidence: 'derived' });
    expect(found.map(({ caveats }) => caveats)).toEqual([['Its context window is not known.'], []]);
    expect(opportunities(new RunFacts([]))).toEqual([]);
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
      combined,
    ]);
    const steps = actionSteps(facts, opportunities(facts));
    expect(steps.map(({ step }) => step)).toEqual([
      'Clear up why reported and recomputed cost differ',
      'Name the models that have no list price, or import their cost',
      'Move part of the traffic of gpt-4o to gpt-4o-mini',
      'Limit the longest answers of gpt-4o',
      'Send a team with every request, so that each cost has an owner',
      'Import at least fourteen days of usage',
    ]);
    expect(steps[2]?.saving_facts).toEqual({ low: 'move.net_low', high: 'move.net_high' });
  });

  it('looks at bills that usage does not explain before anything is saved', () => {
    const row = (name: string, percent: string) => ({
      fact: fact(`reconcile_costs.bill.${name}.gap_percent`, percent, 'percent'),
      row: { kind: 'bill', name, gap_percent_fact: `reconcile_costs.bill.${name}.gap_percent` },
    });
    const bills = [row('openai', '300'), row('anthropic', '-1.5'), row('azure', '-20')];
    const none = { kind: 'bill', name: 'google', gap_percent_fact: null };
    const reconciled = record(
      'reconcile_costs',
      bills.map((one) => one.fact),
      [...bills.map((one) => one.row), none],
    );
    expect(actionSteps(new RunFacts([reconciled]), [])[0]?.step).toBe(
      'Clear up why the bill of openai and azure and its usage differ',
    );
    expect(actionSteps(new RunFacts([record('reconcile_costs', [], [none])]), [])[0]?.step).not.toContain('bill');
  });
});
