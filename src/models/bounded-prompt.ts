import type { LanguageModelV3Message, LanguageModelV3Prompt, LanguageModelV3ToolResultOutput } from '@ai-sdk/provider';
import { cutTextWithMark } from '../context/cut-text.js';

const MAX_INPUT_CHARS = 100_000;
const MAX_OUTPUT_CHARS = 20_000;
/** All tool results of a conversation together; the newest count first. */
const MAX_OUTPUTS_CHARS = 300_000;
/** A result stays recognisable even when its turn comes last. */
const MIN_OUTPUT_CHARS = 500;

/**
 * The prompt as a provider gets it: long inputs and tool results cut, with a mark. The planner reads the uncut one.
 */
export function boundedPrompt(prompt: LanguageModelV3Prompt): LanguageModelV3Prompt {
  let leftChars = MAX_OUTPUTS_CHARS;
  const bounded = (output: LanguageModelV3ToolResultOutput): LanguageModelV3ToolResultOutput => {
    const maxChars = Math.max(MIN_OUTPUT_CHARS, Math.min(MAX_OUTPUT_CHARS, leftChars));
    const { output: cut, sizeChars } = cutOutput(output, maxChars);
    leftChars -= sizeChars;
    return cut;
  };
  return prompt
    .toReversed()
    .map((message) => boundMessage(message, bounded))
    .toReversed();
}

function boundMessage(
  message: LanguageModelV3Message,
  bounded: (output: LanguageModelV3ToolResultOutput) => LanguageModelV3ToolResultOutput,
): LanguageModelV3Message {
  switch (message.role) {
    case 'user':
      return {
        ...message,
        content: message.content.map((part) =>
          part.type === 'text' ? { ...part, text: cutTextWithMark(part.text, MAX_INPUT_CHARS) } : part,
        ),
      };
    case 'tool':
      return {
        ...message,
        content: message.content.map((part) =>
          part.type === 'tool-result' ? { ...part, output: bounded(part.output) } : part,
        ),
      };
    case 'system':
    case 'assistant':
      return message;
  }
}

interface CutOutput {
  readonly output: LanguageModelV3ToolResultOutput;
  readonly sizeChars: number;
}

function cutOutput(output: LanguageModelV3ToolResultOutput, maxChars: number): CutOutput {
  switch (output.type) {
    case 'text':
    case 'error-text': {
      const value = cutTextWithMark(output.value, maxChars);
      return { output: { ...output, value }, sizeChars: value.length };
    }
    case 'json':
    case 'error-json': {
      const text = JSON.stringify(output.value);
      if (text.length <= maxChars) return { output, sizeChars: text.length };
      const value = cutTextWithMark(text, maxChars);
      return { output: { type: output.type === 'json' ? 'text' : 'error-text', value }, sizeChars: value.length };
    }
    case 'execution-denied':
    case 'content':
      return { output, sizeChars: 0 };
  }
}
