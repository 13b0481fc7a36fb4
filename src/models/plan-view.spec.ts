import { describe, expect, it } from '@jest/globals';
import type { LanguageModelV3Prompt } from '@ai-sdk/provider';
import { planView } from './plan-view.js';

const user = (text: string): LanguageModelV3Prompt[number] => ({ role: 'user', content: [{ type: 'text', text }] });
const asked = (toolCallId: string, tool: string, input: unknown): LanguageModelV3Prompt[number] => ({
  role: 'assistant',
  content: [{ type: 'tool-call', toolCallId, toolName: tool, input }],
});
const answered = (toolCallId: string, value: string): LanguageModelV3Prompt[number] => ({
  role: 'tool',
  content: [{ type: 'tool-result', toolCallId, toolName: 'any', output: { type: 'json', value: { value } } }],
});

describe('planView', () => {
  it('reads the input and the finished calls in order', () => {
    const view = planView([
      { role: 'system', content: 'Answer.' },
      user('{"query":"costs"}'),
      asked('a', 'query_usage', { group_by: 'model' }),
      answered('a', 'first'),
    ]);
    expect(view).toEqual({
      input: { query: 'costs' },
      calls: [{ tool: 'query_usage', parameters: { group_by: 'model' }, success: true, result: { value: 'first' } }],
    });
  });

  it('tells calls apart whose provider counts ids from zero in each answer', () => {
    const { calls } = planView([
      user('{}'),
      asked('call_0', 'first', {}),
      answered('call_0', 'one'),
      asked('call_0', 'second', {}),
      answered('call_0', 'two'),
    ]);
    expect(calls.map(({ tool, result }) => [tool, result])).toEqual([
      ['first', { value: 'one' }],
      ['second', { value: 'two' }],
    ]);
  });

  it('matches parallel results to their calls, whatever their order', () => {
    const { calls } = planView([
      user('{}'),
      {
        role: 'assistant',
        content: [
          { type: 'tool-call', toolCallId: 'a', toolName: 'first', input: {} },
          { type: 'tool-call', toolCallId: 'b', toolName: 'second', input: {} },
        ],
      },
      answered('b', 'two'),
      answered('a', 'one'),
    ]);
    expect(calls.map(({ tool, result }) => [tool, result])).toEqual([
      ['first', { value: 'one' }],
      ['second', { value: 'two' }],
    ]);
  });

  it('shows failures with code and message, of tools and of calls that reached none', () => {
    const { calls } = planView([
      user('{}'),
      asked('a', 'slow', {}),
      {
        role: 'tool',
        content: [
          {
            type: 'tool-result',
            toolCallId: 'a',
            toolName: 'slow',
            output: { type: 'error-json', value: { code: 'run_timeout', message: 'Too slow.' } },
          },
        ],
      },
      asked('b', 'absent', 'no JSON'),
      {
        role: 'tool',
        content: [
          {
            type: 'tool-result',
            toolCallId: 'b',
            toolName: 'absent',
            output: { type: 'error-text', value: 'No such tool.' },
          },
        ],
      },
    ]);
    expect(calls).toEqual([
      { tool: 'slow', parameters: {}, success: false, error: { code: 'run_timeout', message: 'Too slow.' } },
      {
        tool: 'absent',
        parameters: {},
        success: false,
        error: { code: 'validation_failed', message: 'No such tool.' },
      },
    ]);
  });
});
