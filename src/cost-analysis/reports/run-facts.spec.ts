import { describe, expect, it } from '@jest/globals';
import { RunFacts } from './run-facts.js';

const record = (tool: string, scope: string, rows: { name: string }[] = []) => ({
  tool,
  success: true,
  result: {
    scope,
    facts: [{ id: `${scope}.total`, value: '1', unit: 'count', decimals: 0, formula: '', inputs: [], as_of: null }],
    rows,
    coverage: { ratio: null, needs: [] },
    caveats: [],
  },
});

describe('the facts of a run', () => {
  it('come from all calls; the latest report of a tool counts', () => {
    const facts = new RunFacts([record('a', 'a'), record('a', 'a:from=2025'), { tool: 'b', success: false }]);
    expect([...facts.facts.keys()]).toEqual(['a.total', 'a:from=2025.total']);
    expect(facts.fact('a', 'total')?.id).toBe('a:from=2025.total');
    expect(facts.report('b')).toBeUndefined();
  });

  it('do not come from results of another shape', () => {
    expect(new RunFacts([{ tool: 'c', success: true, result: { text: 'cut' } }]).facts.size).toBe(0);
  });

  it('take no amount for a name, so that a tag cannot license a number', () => {
    const { names } = new RunFacts([
      record('a', 'a', [{ name: 'gpt-4o' }, { name: 'the total is $5' }, { name: '2023' }]),
    ]);
    expect(names).toEqual(['gpt-4o']);
  });
});
