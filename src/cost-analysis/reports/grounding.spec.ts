import { describe, expect, it } from '@jest/globals';
import type { Fact } from '../tools/fact.js';
import { citedFacts, findViolations, renderFacts } from './grounding.js';

const usd: Fact = {
  id: 'cost_breakdown.model.gpt-4o.cost',
  value: '96.791325000',
  unit: 'usd',
  decimals: 2,
  formula: '',
  inputs: [],
  as_of: null,
};
const day: Fact = { ...usd, id: 'data_quality.last_day', value: '2023-11-16', unit: 'date' };
const facts = new Map([usd, day].map((fact) => [fact.id, fact]));
const grounds = { facts, names: ['gpt-4o', 'gpt-5', 'Team 7'] };
const found = (text: string): string[] => findViolations(text, grounds).map((violation) => violation.found);

describe('a grounded text', () => {
  it('gets its values from facts', () => {
    const text = 'gpt-4o cost {{fact:cost_breakdown.model.gpt-4o.cost}}.';
    expect(found(text)).toEqual([]);
    expect(renderFacts(text, facts)).toBe('gpt-4o cost $96.79.');
    expect(citedFacts(text + text)).toEqual(['cost_breakdown.model.gpt-4o.cost']);
  });

  it('may name models and dates that are facts, and number its lists', () => {
    expect(found('1. On 16 November 2023 (2023-11-16), Team 7 used gpt-4o.\n2. Nothing else.')).toEqual([]);
  });

  it('may say what a unit price is for', () => {
    expect(found('{{fact:cost_breakdown.model.gpt-4o.cost}} per 1M tokens, per 1M cached input tokens.')).toEqual([]);
    expect(found('spend of 1M tokens, per 1M')).toEqual(['1', '1']);
  });

  it('cites no fact that the run does not have', () => {
    expect(findViolations('{{fact:made.up}}', grounds)).toEqual([{ kind: 'unknown_fact', found: 'made.up' }]);
  });

  it.each([
    ['It cost $96.79.', ['$96.79']],
    ['About 30% less', ['30%']],
    ['gpt-50 is no name here', ['50']],
    ['Team 77', ['77']],
    ['On 17 November 2023', ['17', '2023']],
    ['٣ models', ['٣']],
    ['It would double, to twice the cost', ['double', 'twice']],
    ['Save half', ['Half']],
    ['a third of spend', ['a third']],
    ['thirty percent', ['thirty percent']],
    ['millions of tokens', ['millions']],
    ['four fifths of spend, nine-tenths of calls', ['four fifths', 'nine-tenths']],
    ['A good third of it; one sixth less.', ['a good third', 'one sixth']],
    ['an eighth cheaper, or thirteen twentieths', ['an eighth', 'thirteen twentieths']],
    ['nine out of ten calls, one in three teams', ['nine out of ten', 'one in three']],
    ['a sevenfold rise, then a nine-fold one', ['sevenfold', 'nine-fold']],
  ])('makes no claim of its own: %s', (text, expected) => {
    expect(found(text).map((word) => word.toLowerCase())).toEqual(expected.map((word) => word.toLowerCase()));
  });

  it('reaches nowhere: no links, images, HTML', () => {
    expect(found('![x](http://evil.example/a)')).toContain('![x](http://evil.example/a)');
    expect(found('<img src=x>')).toEqual(['<img src=x>']);
  });

  it('leaves ordinary words alone', () => {
    expect(found('One row for each request; this quarter, a third party, fourteen days.')).toEqual([]);
  });

  it.each([
    'At first, a third-party tool was used; get a second opinion.',
    'One third-party gateway, two third-party tools and a third option.',
    'The first quarter, the third of these steps, a fourth model and a fifth team.',
    'One in use, one or two of them, one in each team, all in one.',
    'First the gateway, second the cache, third the batch.',
    'In the tenth week, on the fifth day, for the ninth time.',
  ])('takes no ordinal or count for a part: %s', (text) => expect(found(text)).toEqual([]));
});
