import { describe, expect, it } from '@jest/globals';
import type { LanguageModelV3StreamPart } from '@ai-sdk/provider';
import { callPart, finish, reasoningParts, textParts } from '../../test/support/scripted-model.js';
import { generateResult } from './answer-content.js';
import { AnswerReader } from './step-answer.js';

function resultOf(parts: readonly LanguageModelV3StreamPart[]) {
  const reader = new AnswerReader({ text: () => undefined, reasoning: () => undefined });
  for (const part of parts) reader.take(part);
  return generateResult(reader.answer());
}

describe('generateResult', () => {
  it('has texts and reasonings in their order, then the calls, and how the answer ended', () => {
    const end = finish('tool-calls', { input: 50, output: 5 });
    const call = callPart('query_usage', { group_by: 'model' });
    expect(resultOf([...reasoningParts('be', 'cause'), call, ...textParts('I look ', 'it up.'), end])).toEqual({
      content: [{ type: 'reasoning', text: 'because' }, { type: 'text', text: 'I look it up.' }, call],
      finishReason: { unified: 'tool-calls', raw: 'tool-calls' },
      usage: expect.objectContaining({ inputTokens: expect.objectContaining({ total: 50 }) }),
      providerMetadata: undefined,
      warnings: [],
    });
  });

  it('keeps the last metadata of each block: signatures come at the end, item ids at the start', () => {
    const metadata = (value: string) => ({ providerMetadata: { provider: { value } } });
    const { content } = resultOf([
      { type: 'reasoning-start', id: '0', ...metadata('id') },
      { type: 'reasoning-delta', id: '0', delta: 'because' },
      { type: 'reasoning-end', id: '0', ...metadata('signature') },
      { type: 'text-start', id: '1', ...metadata('item') },
      { type: 'text-delta', id: '1', delta: 'Done.' },
      { type: 'text-end', id: '1' },
      finish('stop'),
    ]);
    expect(content).toEqual([
      { type: 'reasoning', text: 'because', ...metadata('signature') },
      { type: 'text', text: 'Done.', ...metadata('item') },
    ]);
  });

  it('keeps blocks apart that use one id, at once or one after the other', () => {
    const { content } = resultOf([
      { type: 'reasoning-start', id: '0' },
      { type: 'text-start', id: '0' },
      { type: 'text-delta', id: '0', delta: 'One' },
      { type: 'reasoning-delta', id: '0', delta: 'because' },
      { type: 'text-end', id: '0' },
      ...textParts('Two'),
      finish('stop'),
    ]);
    expect(content.map((block) => 'text' in block && block.text)).toEqual(['because', 'One', 'Two']);
  });

  it('takes a text that some host never opened', () => {
    const { content } = resultOf([{ type: 'text-delta', id: '0', delta: 'Done.' }, finish('stop')]);
    expect(content).toEqual([{ type: 'text', text: 'Done.' }]);
  });
});
