import type { LanguageModelV3Message, LanguageModelV3Prompt } from '@ai-sdk/provider';
import { isJsonObject, type JsonObject } from '../context/json.js';
import { InputPart } from './conversation-prompt.js';
import type { PlannedResult, PlanView } from './plan.js';
import { outcomeOf } from './tool-output.js';

/** Reads what a plan decides from out of the messages that a model would get. Calls without a result are left out. */
export function planView(prompt: LanguageModelV3Prompt): PlanView {
  return { input: inputOf(prompt), calls: callsOf(prompt) };
}

function inputOf(prompt: LanguageModelV3Prompt): JsonObject {
  const opening = prompt.find((message) => message.role === 'user')?.content[0];
  if (opening instanceof InputPart) return opening.input;
  const decoded: unknown = opening?.type === 'text' ? JSON.parse(opening.text) : undefined;
  return isJsonObject(decoded) ? decoded : {};
}

interface OpenCall {
  readonly tool: string;
  readonly parameters: JsonObject;
  outcome?: ReturnType<typeof outcomeOf>;
}

function callsOf(prompt: LanguageModelV3Prompt): PlannedResult[] {
  const calls: OpenCall[] = [];
  // Ids are unique within a step only: some hosts count from zero again in each answer.
  let step = new Map<string, OpenCall>();
  for (const message of prompt) {
    if (message.role === 'assistant') {
      step = openCalls(message);
      calls.push(...step.values());
    }
    if (message.role !== 'tool') continue;
    for (const part of message.content) {
      const call = part.type === 'tool-result' ? step.get(part.toolCallId) : undefined;
      if (call !== undefined && part.type === 'tool-result') call.outcome = outcomeOf(part.output);
    }
  }
  return calls.flatMap(({ tool, parameters, outcome }) =>
    outcome === undefined ? [] : [{ tool, parameters, ...outcome }],
  );
}

function openCalls({ content }: Extract<LanguageModelV3Message, { role: 'assistant' }>): Map<string, OpenCall> {
  const calls = new Map<string, OpenCall>();
  for (const part of content) {
    if (part.type !== 'tool-call') continue;
    calls.set(part.toolCallId, { tool: part.toolName, parameters: isJsonObject(part.input) ? part.input : {} });
  }
  return calls;
}
