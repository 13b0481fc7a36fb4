import type {
  LanguageModelV3Content,
  LanguageModelV3Message,
  LanguageModelV3ToolCall,
  LanguageModelV3ToolResultOutput,
} from '@ai-sdk/provider';
import type { JsonObject } from '../context/json.js';
import type { PlannedResult } from './plan.js';

/** A call that a model asked for, and what came of it. */
export interface MadeCall {
  readonly asked: LanguageModelV3ToolCall;
  readonly parameters: JsonObject;
  readonly result: PlannedResult;
  /** The result as the model reads it. */
  readonly output: LanguageModelV3ToolResultOutput;
}

type AssistantMessage = Extract<LanguageModelV3Message, { role: 'assistant' }>;

/** The text of a step's answer. */
export const textOf = (content: readonly LanguageModelV3Content[]): string =>
  content
    .map((part) => (part.type === 'text' ? part.text : ''))
    .join('')
    .trim();

export const isToolCall = (part: LanguageModelV3Content): part is LanguageModelV3ToolCall => part.type === 'tool-call';

/**
 * What a step adds to the conversation: the model's answer, and the results of its calls. What a provider said about a part goes back
 * with it: signed reasonings and ids of items are refused without.
 */
export function stepMessages(
  content: readonly LanguageModelV3Content[],
  made: readonly MadeCall[],
): LanguageModelV3Message[] {
  return [
    { role: 'assistant', content: content.flatMap((part) => assistantPart(part, made)) },
    {
      role: 'tool',
      content: made.map(({ asked: { toolCallId, toolName }, output }) => ({
        type: 'tool-result',
        toolCallId,
        toolName,
        output,
      })),
    },
  ];
}

function assistantPart(part: LanguageModelV3Content, made: readonly MadeCall[]): AssistantMessage['content'] {
  switch (part.type) {
    case 'text':
      return part.text === '' ? [] : [{ type: 'text', text: part.text, ...optionsOf(part) }];
    case 'reasoning':
      return [{ type: 'reasoning', text: part.text, ...optionsOf(part) }];
    case 'tool-call': {
      const { toolCallId, toolName } = part;
      const input = made.find(({ asked }) => asked === part)?.parameters ?? {};
      return [{ type: 'tool-call', toolCallId, toolName, input, ...optionsOf(part) }];
    }
    default:
      // Files, sources and a provider's own tools: an answer's reader lets none of them through.
      return [];
  }
}

const optionsOf = ({ providerMetadata }: Pick<LanguageModelV3ToolCall, 'providerMetadata'>) =>
  providerMetadata === undefined ? {} : { providerOptions: providerMetadata };
