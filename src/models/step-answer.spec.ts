import { describe, expect, it } from '@jest/globals';
import type { LanguageModelV3StreamPart } from '@ai-sdk/provider';
import { callPart, finish, reasoningParts, textParts } from '../../test/support/scripted-model.js';
import { AnswerReader } from './step-answer.js';

function read(parts: readonly LanguageModelV3StreamPart[]) {
  const shown: string[] = [];
  const reader = new AnswerReader({
    text: (delta) => shown.push(delta),
    reasoning: (delta) => shown.push(`(${delta})`),
  });
  for (const part of parts) reader.take(part);
  return { answer: () => reader.answer(), shown };
}

const kindOf = (parts: readonly LanguageModelV3StreamPart[]): unknown => {
  try {
    return read(parts).answer();
  } catch (error) {
    return error instanceof Error && 'kind' in error ? error.kind : error;
  }
};

describe('AnswerReader', () => {
  it('shows deltas as they come and joins them for the conversation', () => {
    const { answer, shown } = read([
      ...reasoningParts('be', 'cause'),
      ...textParts('You ', 'spent ', '$5.'),
      finish('stop'),
    ]);
    expect(shown).toEqual(['(be)', '(cause)', 'You ', 'spent ', '$5.']);
    expect(answer().parts).toMatchObject([
      { type: 'reasoning-start' },
      { type: 'reasoning-delta', delta: 'because' },
      { type: 'reasoning-end' },
      { type: 'text-start' },
      { type: 'text-delta', delta: 'You spent $5.' },
      { type: 'text-end' },
      { type: 'finish' },
    ]);
  });

  it('keeps the signature of a reasoning, which comes with its last delta', () => {
    const { answer } = read([
      { type: 'reasoning-start', id: '0' },
      { type: 'reasoning-delta', id: '0', delta: 'because' },
      { type: 'reasoning-delta', id: '0', delta: '', providerMetadata: { anthropic: { signature: 'signed' } } },
      { type: 'reasoning-end', id: '0' },
      callPart('query_usage', {}),
      finish('tool-calls'),
    ]);
    expect(answer().parts).toContainEqual(
      expect.objectContaining({ delta: 'because', providerMetadata: { anthropic: { signature: 'signed' } } }),
    );
  });

  it('makes empty and repeated call ids unique', () => {
    const { answer } = read([
      callPart('a', {}, ''),
      callPart('b', {}, 'call_0'),
      callPart('c', {}, 'call_0'),
      finish('tool-calls'),
    ]);
    expect(answer().calls.map(({ toolCallId }) => toolCallId)).toEqual(['_1', 'call_0', 'call_0_3']);
  });

  it('takes no more calls than 32 in one step', () => {
    const calls = Array.from({ length: 100 }, (_, index) => callPart('query_usage', {}, `call_${index}`));
    expect(read([...calls, finish('tool-calls')]).answer().calls).toHaveLength(32);
  });

  it('throws what the provider reports inside its stream', () => {
    expect(() => read([...textParts('You '), { type: 'error', error: new Error('overloaded') }])).toThrow('overloaded');
  });

  it.each<[string, readonly LanguageModelV3StreamPart[], string]>([
    ['no end', textParts('You spent'), 'cut'],
    ['an end in error', [...textParts('You spent'), finish('error')], 'cut'],
    ['calls cut short by the token limit', [callPart('query_usage', '{"a'), finish('length')], 'cut'],
    ['neither text nor calls', [...textParts(' \n'), finish('stop')], 'empty'],
  ])('is no answer: %s', (_, parts, kind) => {
    expect(kindOf(parts)).toBe(kind);
  });

  it('is no answer: more text than any answer needs', () => {
    expect(() => read(textParts('x'.repeat(1_000_001)))).toThrow('not an answer');
  });
});
