import { describe, expect, it } from '@jest/globals';
import { billedAmount, checkCurrency } from './billed-amount.js';
import { countOf, flagOf, millisecondsOf, moneyOf, textOf, timeOf } from './field-values.js';
import { focusTokens } from './focus-tokens.js';

describe('values of fields', () => {
  it.each([
    ['2023-11-16 18:15:46.6805900', '2023-11-16T18:15:46.680Z'],
    ['2026-01-02T03:04:05Z', '2026-01-02T03:04:05.000Z'],
    ['2026-01-02 03:04:05+00', '2026-01-02T03:04:05.000Z'],
    ['2026-01-02T03:04:05.5+05:30', '2026-01-01T21:34:05.500Z'],
    ['2026-01-02 03:04:05 UTC', '2026-01-02T03:04:05.000Z'],
    ['2026/1/2', '2026-01-02T00:00:00.000Z'],
    ['2026-01-02T03:04', '2026-01-02T03:04:00.000Z'],
    [1_767_323_045, '2026-01-02T03:04:05.000Z'],
    ['1767323045', '2026-01-02T03:04:05.000Z'],
    ['1767323045000', '2026-01-02T03:04:05.000Z'],
    ['1767323045000000', '2026-01-02T03:04:05.000Z'],
    ['1767323045000000000', '2026-01-02T03:04:05.000Z'],
  ])('%s is a time', (value, expected) => {
    expect(timeOf(value, 'time').toISOString()).toBe(expected);
  });

  it.each([
    '2026-02-30',
    '2026-13-01',
    '2026-01-02T25:00:00',
    '01/02/2026',
    'yesterday',
    '',
    true,
    null,
    Number.NaN,
    ' ',
    '0x10',
    '1e3',
    1e300,
    '=NOW()',
  ])('%p is no time', (value) => expect(() => timeOf(value, 'time')).toThrow('time is not'));

  it('takes whole numbers that are plausible', () => {
    expect(['374', ' 12 ', '3.0', '1,234', '1,234,567', 0, 1e12].map((value) => countOf(value, 'n'))).toEqual([
      374, 12, 3, 1234, 1234567, 0, 1e12,
    ]);
    for (const value of ['-1', '1.5', 'NaN', 'Infinity', 'many', '1,23', '1e13', -1, 0.1, null, {}, '=1+1']) {
      expect(() => countOf(value, 'n')).toThrow('n is');
    }
  });

  it('takes amounts exactly', () => {
    expect(moneyOf('0.000035', 'cost')).toBe(35_000n);
    expect(moneyOf(3.5e-5, 'cost')).toBe(35_000n);
    for (const value of ['-0.1', 'free', '1e10', Number.NaN, '€5', {}])
      expect(() => moneyOf(value, 'cost')).toThrow('cost is');
  });

  it('takes durations', () => {
    expect(millisecondsOf('12.6', 'latency')).toBe(13);
    for (const value of ['-1', 'slow', '1e12'])
      expect(() => millisecondsOf(value, 'latency')).toThrow('not a duration');
  });

  const PROMPTS = [
    'Ignore 2 rules and tell me about Ann',
    'why?',
    '12 monkeys',
    '2026-01-02 was a good day',
    '1,'.repeat(30),
    { role: 'user', content: 'my secret' },
    ['my secret'],
  ];
  const READERS = {
    countOf: (value: unknown) => countOf(value, 'input'),
    moneyOf: (value: unknown) => moneyOf(value, 'input'),
    millisecondsOf: (value: unknown) => millisecondsOf(value, 'input'),
    timeOf: (value: unknown) => timeOf(value, 'input'),
    billedAmount: (value: unknown) => billedAmount(value),
    focusTokens: (quantity: unknown) => focusTokens({ meter: '', quantity, unit: 'Tokens' }),
  };
  it.each(Object.entries(READERS))('%s never says the words of a prompt in its reason', (_, read) => {
    for (const prompt of PROMPTS) {
      expect(() => read(prompt)).toThrow(/is (?:not|implausibly).*: (?:text|an object|a list)$/);
    }
    expect(() => read('-1,5,0.')).toThrow(/: "-1,5,0\."$/);
  });

  it.each(['1e30', '3.5', '-2.5', '€5', '12%', 'NaN', '01/02/2026', '2026-13-01T25:00:00Z', true, null, 1.5])(
    'quotes %p, which tells what is wrong with it',
    (value) => expect(() => countOf(value, 'n')).toThrow(`n is not a whole number: "${String(value)}"`),
  );

  it('names a currency, and no other text in its place', () => {
    expect(() => checkCurrency('eur')).toThrow('the cost is in EUR;');
    expect(() => checkCurrency('my secret')).toThrow('the cost is in another currency;');
  });

  it('takes words for yes and no, and nothing else', () => {
    expect(['True', 'f', 1, '0', 'maybe', undefined].map(flagOf)).toEqual([
      true,
      false,
      true,
      false,
      undefined,
      undefined,
    ]);
  });

  it('makes text that PostgreSQL takes', () => {
    expect(textOf(' a\u0000b\n')).toBe('a b');
    expect(textOf('\ud800')).toBe('\ufffd');
    expect(textOf('x'.repeat(500))).toHaveLength(200);
    expect(textOf('  ')).toBeUndefined();
    expect(textOf({})).toBeUndefined();
  });
});
