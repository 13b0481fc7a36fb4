import { describe, expect, it } from '@jest/globals';
import { budgetUsd } from './budget.js';

describe('a budget in a question', () => {
  it.each([
    ['$5,000', 5000],
    ['$ 5k', 5000],
    ['1.5m usd', 1_500_000],
    ['none', undefined],
  ])('%s → %s', (text, usd) => {
    expect(budgetUsd(text)).toBe(usd);
  });
});
