import type { ErrorCode } from '@goldenpath/protocol';
import type { JsonObject } from '../context/json.js';

/** A tool call of a conversation and what came of it. `result` is there when it succeeded, `error` when it failed. */
export interface PlannedResult {
  readonly tool: string;
  readonly parameters: JsonObject;
  readonly success: boolean;
  readonly result?: JsonObject;
  readonly error?: { readonly code: ErrorCode; readonly message: string };
}

/** What a plan decides from: what the conversation is about, and its tool calls so far, in order. */
export interface PlanView {
  readonly input: JsonObject;
  readonly calls: readonly PlannedResult[];
}

export interface PlannedCall {
  readonly tool: string;
  readonly parameters: JsonObject;
}

/**
 * Calls of one step run in parallel, at most 32: the view tells a plan which were made. A text ends the conversation.
 * A step has at least one call, or a text that is not blank.
 */
export type PlannedStep =
  | { readonly reasoning: string; readonly calls: readonly PlannedCall[] }
  | { readonly reasoning: string; readonly text: string };

/** What stands in for a model: a pure function, so that the same view always gives the same step. */
export type Plan = (view: PlanView) => PlannedStep;
