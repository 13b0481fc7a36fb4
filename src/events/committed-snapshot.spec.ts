import { describe, expect, it } from '@jest/globals';
import { CommittedSnapshot } from './committed-snapshot.js';

describe('a committed snapshot', () => {
  it.each([
    { of: 'a transaction from before all that ran', transaction: 9n, isIncluded: true },
    { of: 'one that ran', transaction: 10n, isIncluded: false },
    { of: 'one that was over between those that ran', transaction: 11n, isIncluded: true },
    { of: 'another one that ran', transaction: 14n, isIncluded: false },
    { of: 'the last one that was over', transaction: 19n, isIncluded: true },
    { of: 'the next one', transaction: 20n, isIncluded: false },
  ])('$of: $isIncluded', ({ transaction, isIncluded }) => {
    expect(new CommittedSnapshot('10:20:10,14').includes(transaction)).toBe(isIncluded);
  });

  it('takes one in which nothing ran, and numbers beyond 32 bits', () => {
    const snapshot = new CommittedSnapshot('8589934600:8589934600:');
    expect([8589934599n, 8589934600n].map((transaction) => snapshot.includes(transaction))).toEqual([true, false]);
  });
});
