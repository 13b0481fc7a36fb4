import { describe, expect, it } from '@jest/globals';
import { paretoCount, untaggedFirst } from './pareto.js';

describe('a breakdown', () => {
  const entries = [
    { name: 'b', nano: 10n },
    { name: null, nano: 1n },
    { name: 'a', nano: 10n },
    { name: 'c', nano: 79n },
  ];

  it('has untagged spend first, then the largest, ties by name', () => {
    expect(untaggedFirst(entries).map(({ name }) => name)).toEqual([null, 'c', 'a', 'b']);
  });

  it('counts the fewest entries that make up four fifths', () => {
    expect(paretoCount(entries, 100n)).toBe(2);
    expect(paretoCount([{ name: 'a', nano: 80n }], 100n)).toBe(1);
    expect(paretoCount([{ name: 'a', nano: 79n }], 100n)).toBeUndefined();
    expect(paretoCount([{ name: 'a', nano: 0n }], 0n)).toBeUndefined();
  });
});
