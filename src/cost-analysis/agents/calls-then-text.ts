import type { JsonObject } from '../../context/json.js';
import type { Plan, PlannedCall, PlanView } from '../../models/plan.js';
import type { AgentTask } from '../../agents/agent-task.js';

export interface CallsThenText {
  /** The calls that the work needs, for what is known so far; those already made are left out. */
  readonly calls: (view: PlanView) => readonly PlannedCall[];
  /** Why these calls, in a true sentence. */
  readonly asking: (open: readonly PlannedCall[], view: PlanView) => string;
  /** What the finished calls came to: as a thought (values in), and as the text that ends the conversation. */
  readonly conclude: (view: PlanView) => { readonly reasoning: string; readonly text: string };
}

/** The policy of an agent that first makes the calls its work needs, all open ones at once, then says what came of it. A failed call is not repeated. */
export const callsThenText =
  (policy: CallsThenText): Plan =>
  (view) => {
    const open = policy.calls(view).filter(({ tool }) => !view.calls.some((made) => made.tool === tool));
    return open.length > 0 ? { reasoning: policy.asking(open, view), calls: open } : policy.conclude(view);
  };

/** Makes the calls that a model left out: an answer must not depend on what a model felt like asking. */
export async function ensureCalls(task: AgentTask, calls: readonly PlannedCall[]): Promise<void> {
  const path = task.context.agentPath.join('/');
  for (const { tool, parameters } of calls) {
    const made = task.toolResults.some((record) => record.tool === tool && record.agentPath === path);
    if (!made) await task.callTool(tool, parameters);
  }
}

/** Parameters without the ones that are undefined or empty, so that they equal a tool's defaults. */
export const given = (parameters: Record<string, JsonObject[string] | undefined>): JsonObject =>
  Object.fromEntries(
    Object.entries(parameters).flatMap(([name, value]) =>
      value === undefined || (Array.isArray(value) && value.length === 0) ? [] : [[name, value]],
    ),
  );

/** "a", "a and b", "a, b and c". */
export const listed = (words: readonly string[]): string =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1) ?? ''}`;
