import { describe, expect, it } from '@jest/globals';
import { RunFacts } from '../reports/run-facts.js';
import { askedScope, namesCall } from './asked-scope.js';
import { readQuestion } from './question.js';

const NAMES = {
  team: ['support', 'engineering'],
  feature: ['chat-assistant'],
  model: ['gpt-4o', 'claude-sonnet-4-5-20250929'],
};
const entries = Object.entries(NAMES);
const names = new RunFacts([
  {
    tool: 'cost_breakdown',
    success: true,
    result: {
      scope: 'cost_breakdown',
      facts: entries.map(([dimension, { length }]) => ({
        id: `cost_breakdown.${dimension}.entries`,
        value: String(length),
        unit: 'count',
        decimals: 0,
        formula: '',
        inputs: [],
        as_of: null,
      })),
      rows: entries.flatMap(([dimension, values]) => values.map((name) => ({ dimension, name }))),
      coverage: { ratio: null, needs: [] },
      caveats: [],
    },
  },
]);

const scope = (text: string) => askedScope(text, readQuestion(text, []), names);

describe('what a question limits the analysis to', () => {
  it.each([
    ['costs for team support', { team: 'support' }],
    ['costs of the Support team', { team: 'support' }],
    ['What would gpt-5-mini save us on support?', { team: 'support' }],
    ['spend on chat assistant', { feature: 'chat-assistant' }],
    ['costs on Claude Sonnet 4.5', { model: 'claude-sonnet-4-5-20250929' }],
    ['Compare the cost of gpt-4o and Claude Sonnet 4.5', {}],
    ['Compare team support with team engineering', {}],
    ['Why did spend jump on Tuesday?', {}],
    ['Which team is the most expensive?', {}],
    ['How can we save on gpt-4o?', {}],
    ['Analyze my AI costs', {}],
  ])('%s: %j', (text, where) => {
    expect(scope(text)).toEqual({ where, unknown: [] });
  });

  it('may be a name that the data does not have', () => {
    expect(scope('costs of team search')).toEqual({
      where: {},
      unknown: [{ dimension: 'team', value: 'search', known: ['support', 'engineering'] }],
    });
    expect(scope('costs on gpt-5').unknown).toMatchObject([{ dimension: 'model', value: 'gpt-5' }]);
  });

  it('takes a look at the names only where the question names something', () => {
    const look = (text: string) => namesCall(text, readQuestion(text, []));
    expect(look('Analyze my AI costs')).toBeUndefined();
    expect(look('costs of team search')?.tool).toBe('cost_breakdown');
  });
});
