import { isErrorCode } from '@goldenpath/protocol';
import type { JSONValue, LanguageModelV3ToolResultOutput } from '@ai-sdk/provider';
import { isJsonObject, type JsonObject } from '../context/json.js';
import type { PlannedResult } from './plan.js';

type Outcome = Pick<PlannedResult, 'success' | 'result' | 'error'>;

/** The AI SDK's JSON type has mutable arrays; ours, of the same shape, has not. Nobody writes to it. */
const sdkJson = (value: JsonObject): JSONValue => value as JSONValue;

/** What a tool call gave, as it stands in the messages of a conversation: JSON, never prose. */
export function outputOf({ success, result, error }: Outcome): LanguageModelV3ToolResultOutput {
  if (success) return { type: 'json', value: sdkJson(result ?? {}) };
  return {
    type: 'error-json',
    value: { code: error?.code ?? 'tool_failed', message: error?.message ?? 'The tool failed.' },
  };
}

/** The way back: what the planner reads out of the messages. */
export function outcomeOf(output: LanguageModelV3ToolResultOutput): Outcome {
  switch (output.type) {
    case 'json':
      return { success: true, result: isJsonObject(output.value) ? output.value : {} };
    case 'error-json':
      return { success: false, error: errorOf(output.value) };
    case 'error-text':
      return { success: false, error: { code: 'validation_failed', message: output.value } };
    case 'text':
      return { success: true, result: { text: output.value } };
    case 'execution-denied':
      return { success: false, error: { code: 'forbidden', message: output.reason ?? 'The call was not approved.' } };
    case 'content':
      return { success: true, result: {} };
  }
}

function errorOf(value: unknown): NonNullable<Outcome['error']> {
  const { code, message } = isJsonObject(value) ? value : {};
  return {
    code: isErrorCode(code) ? code : 'tool_failed',
    message: typeof message === 'string' ? message : 'The tool failed.',
  };
}
