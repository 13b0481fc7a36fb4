import { describe, expect, it } from '@jest/globals';
import { untracedNumbers } from './untraced-numbers.js';

const fact = (unit: string, value: string, decimals = 0) => ({ id: 'a', unit, value, decimals });
const facts = [
  fact('usd', '1234567.895000000', 2),
  fact('usd', '-0.545000000', 2),
  fact('percent', '2.448123', 1),
  fact('count', '19366'),
  fact('date', '2023-11-06'),
  fact('time', '2023-11-06T18:15:46.680Z'),
];
const found = (text: string) =>
  untracedNumbers(text, { facts, names: ['team 7', 'gpt-4o'], question: 'Is a budget of $5,000 enough?' });

describe('what takes the numbers of an answer apart', () => {
  it('lets pass what a fact shows, names, dates, list markers, and the figures of the question', () => {
    const text =
      '1. $1,234,567.90 and -$0.55, 2.4% of 19,366 on 6 November 2023 (2023-11-06) at 18:15 UTC.\n' +
      '2. gpt-4o, claude-sonnet-4-5, gemini-2.5-flash and team 7; $5,000.\n![2.4% of it](/api/reports/0190a/charts/1.svg)';
    expect(found(text)).toEqual([]);
  });

  it('lets pass what a unit price is for', () => {
    expect(found('$1,234,567.90 per 1M cached input tokens, per 1M tokens')).toEqual([]);
    expect(found('of 1M tokens')).toEqual(['1']);
  });

  it.each([
    ['$1,234,567.89', '$1,234,567.89'],
    ['1,234,567.90', '1,234,567.90'],
    ['$1234567.90', '$1234567.90'],
    ['2.4', '2.4'],
    ['2.45%', '2.45%'],
    ['team 77', '77'],
    ['7 November 2023', '7'],
    ['USD500', '500'],
    ['a total of 777777.', '777777'],
    ['![73% of it](/api/reports/0190a/charts/1.svg)', '73%'],
  ])('finds what none does: %s', (text, number) => {
    expect(found(text)).toContain(number);
  });
});
