import type { StepResult } from 'ai';
import { isJsonObject, type JsonObject } from '../context/json.js';
import type { SdkTools } from './loop-tools.js';
import type { PlannedResult } from './plan.js';
import { cutTextWithMark } from '../context/cut-text.js';

const MAX_MESSAGE_CHARS = 1_000;

type Step = Pick<StepResult<SdkTools>, 'content' | 'text'>;

/** The text that a conversation ended with. */
export const finalText = (steps: readonly Step[]): string => steps.at(-1)?.text.trim() ?? '';

/** The tool calls of a conversation, in the order in which they were asked for. */
export const callsOf = (steps: readonly Step[]): PlannedResult[] => steps.flatMap(stepCalls);

/** Ids are unique within a step only: some hosts count from zero again in each answer. */
function stepCalls({ content }: Step): PlannedResult[] {
  const results = new Map<string, PlannedResult>();
  for (const part of content) {
    // Our tools' outputs are results already (loop-tools.ts).
    if (part.type === 'tool-result' && part.dynamic !== true) results.set(part.toolCallId, part.output);
    else if (part.type === 'tool-error') results.set(part.toolCallId, rejected(part.toolName, part));
  }
  return content.flatMap((part) => (part.type === 'tool-call' ? (results.get(part.toolCallId) ?? []) : []));
}

/** The call never reached a tool: there is no such tool, or its parameters do not fit. */
function rejected(tool: string, { input, error }: { input: unknown; error: unknown }): PlannedResult {
  const parameters: JsonObject = isJsonObject(input) ? input : {};
  const message = cutTextWithMark(error instanceof Error ? error.message : String(error), MAX_MESSAGE_CHARS);
  return { tool, parameters, success: false, error: { code: 'validation_failed', message } };
}
