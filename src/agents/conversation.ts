import type { JsonObject } from '../context/json.js';
import { isWhole } from '../events/redact.js';
import type { LoopTool } from '../models/loop-tools.js';
import type { ModelLoop } from '../models/model-loop.js';
import type { PlannedResult } from '../models/plan.js';
import type { RunBudget } from '../models/run-budget.js';
import type { ToolRecord } from '../tools/tool-call.js';
import type { ToolRunner } from '../tools/tool-runner.js';
import type { AgentDesk } from './agent-desk.js';
import type { Conversation, ConversationOutcome } from './agent-task.js';
import type { ToolReplay } from './tool-replay.js';

export interface ConversationParts {
  /** Which conversation of the agent it is, from 0. */
  readonly ordinal: number;
  readonly models: ModelLoop;
  readonly tools: ToolRunner;
  readonly budget: RunBudget;
  readonly desk: AgentDesk;
  readonly replay: ToolReplay;
}

/** Runs the model loop for an agent: its tools go through the tool runner, its thoughts become events. */
export async function converse(conversation: Conversation, parts: ConversationParts): Promise<ConversationOutcome> {
  const { desk, models, budget } = parts;
  const calls: ToolRecord[] = await earlierCalls(parts);
  const resumed = calls.map(plannedResult);
  const outcome = await models.run({
    instructions: conversation.instructions,
    input: conversation.input,
    tools: parts.tools.declarations(conversation.tools).map((declaration): LoopTool => ({
      name: declaration.name,
      description: declaration.description,
      schema: declaration.schema,
      call: async (parameters: JsonObject) => {
        const record =
          desk.refusal(declaration.name, parameters) ??
          (await desk.runTool({ tool: declaration.name, parameters, conversation: parts.ordinal }));
        calls.push(record);
        return plannedResult(record);
      },
    })),
    plan: conversation.plan,
    resumed,
    signal: desk.signal,
    deadlineMs: desk.deadlineMs,
    maxSteps: conversation.maxSteps,
    budget,
    onThinking: ({ reasoning, step }) => desk.think(reasoning, step),
    onText: conversation.onText ?? (() => undefined),
    onTextVoid: conversation.onTextVoid,
    onDegraded: ({ reason }) => desk.think(reason, 'model_unavailable'),
  });
  return { text: outcome.text, toolCalls: calls, degraded: outcome.degraded };
}

/** Finished calls come from the journal; a doubtful one is repeated if its tool says that it may be ([RN5]). */
async function earlierCalls({ replay, ordinal, tools, desk }: ConversationParts): Promise<ToolRecord[]> {
  const calls = replay.takeConversation(ordinal);
  for (const { toolCallId, ...call } of replay.takeInDoubt(ordinal)) {
    const { tool, parameters } = call;
    if (!tools.isIdempotent(tool)) calls.push(desk.refuse({ toolCallId, ...call }));
    // Without its whole parameters it can't be repeated here; the plan or the model will ask again if it needs it.
    else if (isWhole(parameters))
      calls.push(await desk.runTool({ tool, parameters, conversation: ordinal, retryOf: toolCallId }));
  }
  return calls;
}

const plannedResult = ({ tool, parameters, success, result, error }: ToolRecord): PlannedResult => ({
  tool,
  parameters,
  success,
  ...(result === undefined ? {} : { result }),
  ...(error === undefined ? {} : { error }),
});
