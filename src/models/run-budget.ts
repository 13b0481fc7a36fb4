import { addUsage, NO_USAGE, type ModelUsage } from './model-usage.js';

const NANO_USD = 1e9;

/**
 * What the model calls of one run used, against LLM_MAX_COST_USD_PER_RUN. Checked before each call, so that the last
 * call may go over the limit, no later one starts. Calls without a known price count their tokens and no cost.
 */
export class RunBudget {
  private used = NO_USAGE;
  private spentNanoUsd = 0n;
  private unpriced = 0;
  private readonly limitNanoUsd: bigint;

  constructor(readonly limitUsd: number) {
    this.limitNanoUsd = BigInt(Math.round(limitUsd * NANO_USD));
  }

  add(usage: ModelUsage): void {
    this.used = addUsage(this.used, usage);
    if (usage.costNanoUsd === null) this.unpriced += 1;
    else this.spentNanoUsd += usage.costNanoUsd;
  }

  /** All model calls of the run so far. */
  get usage(): ModelUsage {
    return this.used;
  }

  /** The known part of the cost. */
  get costNanoUsd(): bigint {
    return this.spentNanoUsd;
  }

  /** Model calls whose price is unknown. */
  get unpricedCalls(): number {
    return this.unpriced;
  }

  get exhausted(): boolean {
    return this.spentNanoUsd >= this.limitNanoUsd;
  }
}
