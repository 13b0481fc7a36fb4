import { describe, expect, it } from '@jest/globals';
import type { JSONValue, LanguageModelV3Prompt } from '@ai-sdk/provider';
import { boundedPrompt } from './bounded-prompt.js';

const result = (value: JSONValue): LanguageModelV3Prompt[number] => ({
  role: 'tool',
  content: [{ type: 'tool-result', toolCallId: 'a', toolName: 'query_usage', output: { type: 'json', value } }],
});

describe('boundedPrompt', () => {
  it('leaves a prompt of ordinary size as it is', () => {
    const prompt: LanguageModelV3Prompt = [
      { role: 'system', content: 'Answer.' },
      { role: 'user', content: [{ type: 'text', text: '{}' }] },
      { role: 'assistant', content: [{ type: 'tool-call', toolCallId: 'a', toolName: 'query_usage', input: {} }] },
      result({ rows: [1, 2, 3] }),
    ];
    expect(boundedPrompt(prompt)).toEqual(prompt);
  });

  it('cuts a long tool result and says how much is missing', () => {
    const [message] = boundedPrompt([result({ tag: 'x'.repeat(50_000) })]);
    expect(message).toMatchObject({
      content: [{ output: { type: 'text', value: expect.stringMatching(/^\{"tag":"x{5}/) } }],
    });
    expect(JSON.stringify(message)).toContain('[cut: 30010 more characters]');
    expect(JSON.stringify(message).length).toBeLessThan(21_000);
  });

  it('cuts a long input', () => {
    const [message] = boundedPrompt([{ role: 'user', content: [{ type: 'text', text: 'x'.repeat(150_000) }] }]);
    expect(JSON.stringify(message)).toContain('[cut: 50000 more characters]');
  });

  it('cuts the oldest results first when all together are too long', () => {
    const bounded = boundedPrompt(Array.from({ length: 40 }, () => result({ tag: 'x'.repeat(15_000) })));
    const sizes = bounded.map((message) => JSON.stringify(message).length);
    expect(sizes[0]).toBeLessThan(1_000);
    expect(sizes.at(-1)).toBeGreaterThan(15_000);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(350_000);
  });
});
