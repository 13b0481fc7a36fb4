import { describe, expect, it } from '@jest/globals';
import { RunFacts } from '../reports/run-facts.js';
import { askedScope, namesCall } from './asked-scope.js';
import { readQuestion } from './follow-up.js';

const NAMES = {
  team: ['support', 'engineering', 'data'],
  feature: ['chat-assistant', 'code-review'],
  project: [],
  provider: ['openai', 'anthropic'],
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
    // Names that stand anywhere, also where they are ordinary words, parts or slips.
    ['How much did OpenAI cost us?', { provider: 'openai' }],
    ['How much did the data team spend?', { team: 'data' }],
    ['What did data spend last week?', { team: 'data' }],
    ['costs for team data', { team: 'data' }],
    ['How good is our data?', {}],
    ['Which fields of the data are missing?', {}],
    ["Why did engineering's costs go up?", { team: 'engineering' }],
    ['what if support used gpt-5-mini instead', { team: 'support' }],
    ['What did we spend on chat?', { feature: 'chat-assistant' }],
    ['spend of enginering', { team: 'engineering' }],
    ['How much does engineering spend on claude?', { team: 'engineering', model: 'claude-sonnet-4-5-20250929' }],
    ['What would claude haiku 4.5 cost for code review?', { feature: 'code-review' }],
    ['Analyze my AI costs', {}],
  ])('%s: %j', (text, where) => {
    expect(scope(text)).toMatchObject({ where, unknown: [] });
  });

  it('may be a name that the data does not have', () => {
    expect(scope('costs of team search')).toEqual({
      where: {},
      named: {},
      unknown: [{ dimension: 'team', value: 'search', known: ['support', 'engineering', 'data'] }],
    });
    expect(scope('costs on gpt-5').unknown).toMatchObject([{ dimension: 'model', value: 'gpt-5' }]);
    expect(scope('What did we spend on zebras?').unknown).toMatchObject([{ value: 'zebras' }]);
    expect(scope('Give me a report for the board').unknown).toEqual([]);
  });

  it('is not what a question holds against each other, or asks the share of', () => {
    expect(scope('Compare support and engineering')).toMatchObject({
      where: {},
      named: { team: ['support', 'engineering'] },
    });
    expect(scope('What did support and engineering spend on gpt-4o?')).toMatchObject({
      where: { model: 'gpt-4o' },
      named: { team: ['support', 'engineering'] },
    });
    expect(scope("what's data's share of the bill")).toMatchObject({ where: {}, named: { team: ['data'] } });
  });

  it('takes a look at the names only where the question names something', () => {
    const look = (text: string) => namesCall(text, readQuestion(text, []));
    expect(look('Analyze my AI costs')).toBeUndefined();
    expect(look('costs of team search')?.tool).toBe('cost_breakdown');
  });
});
