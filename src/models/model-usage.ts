/** What model calls used. Planner steps use nothing. */
export interface ModelUsage {
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** null: at least one call has no known price. */
  readonly costNanoUsd: bigint | null;
  /** The model's name, or "planner" when no model was called. */
  readonly model: string;
}

export const PLANNER = 'planner';

export const NO_USAGE: ModelUsage = { inputTokens: 0, outputTokens: 0, costNanoUsd: 0n, model: PLANNER };

/** An unknown cost stays unknown; the name of a real model wins over "planner". */
export const addUsage = (left: ModelUsage, right: ModelUsage): ModelUsage => ({
  inputTokens: left.inputTokens + right.inputTokens,
  outputTokens: left.outputTokens + right.outputTokens,
  costNanoUsd: left.costNanoUsd === null || right.costNanoUsd === null ? null : left.costNanoUsd + right.costNanoUsd,
  model: right.model === PLANNER ? left.model : right.model,
});
