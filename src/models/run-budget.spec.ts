import { describe, expect, it } from '@jest/globals';
import { RunBudget } from './run-budget.js';

const call = (costNanoUsd: bigint | null) => ({ inputTokens: 100, outputTokens: 10, costNanoUsd, model: 'gpt-4o' });

describe('RunBudget', () => {
  it('is exhausted when what was spent reaches the limit', () => {
    const budget = new RunBudget(0.002);
    budget.add(call(1_999_999n));
    expect(budget.exhausted).toBe(false);
    budget.add(call(1n));
    expect(budget.exhausted).toBe(true);
    expect(budget.usage).toEqual({ inputTokens: 200, outputTokens: 20, costNanoUsd: 2_000_000n, model: 'gpt-4o' });
  });

  it('counts calls without a price apart, never as free', () => {
    const budget = new RunBudget(1);
    budget.add(call(null));
    budget.add(call(5n));
    expect([budget.unpricedCalls, budget.costNanoUsd, budget.usage.costNanoUsd]).toEqual([1, 5n, null]);
  });

  it('allows no model call at all with a limit of zero', () => {
    expect(new RunBudget(0).exhausted).toBe(true);
  });
});
