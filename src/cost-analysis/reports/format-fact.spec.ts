import { describe, expect, it } from '@jest/globals';
import type { Fact } from '../tools/fact.js';
import { formatFact } from './format-fact.js';

const fact = (unit: Fact['unit'], value: string, decimals = 0): Fact => ({
  id: 'a',
  value,
  unit,
  decimals,
  formula: '',
  inputs: [],
  as_of: null,
});

describe('how facts are shown', () => {
  it.each([
    [fact('usd', '96.791325000', 2), '$96.79'],
    [fact('usd', '1234567.895000000', 2), '$1,234,567.90'],
    [fact('usd', '-1234.500000000', 2), '-$1,234.50'],
    [fact('usd', '0.004999999', 2), '$0.00'],
    [fact('usd', '-0.001000000', 2), '$0.00'],
    [fact('tokens', '19366'), '19,366'],
    [fact('count', '999'), '999'],
    [fact('percent', '2.448123', 1), '2.4%'],
    [fact('days', '1'), '1 day'],
    [fact('days', '60'), '60 days'],
    [fact('date', '2023-11-16'), '16 November 2023'],
    [fact('time', '2023-11-16T18:15:46.680Z'), '18:15 UTC'],
  ])('%j', (given, shown) => {
    expect(formatFact(given)).toBe(shown);
  });
});
