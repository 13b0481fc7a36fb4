import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { LLMock } from '@copilotkit/aimock';
import { converse, modelLoop } from '../support/model-loop.js';
import { justText, usageTool } from '../support/usage-tool.js';

const PROVIDERS = [
  { provider: 'openai', model: 'gpt-4o', path: '/v1/responses' },
  { provider: 'anthropic', model: 'claude-sonnet-4-5', path: '/v1/messages' },
  { provider: 'openai-compatible', model: 'gpt-4o', path: '/v1/chat/completions' },
] as const;

describe.each(PROVIDERS)('the provider $provider', ({ provider, model, path }) => {
  let mock: LLMock;
  beforeEach(async () => {
    mock = new LLMock({ port: 0, chunkSize: 8 });
    await mock.start();
  });
  afterEach(() => mock.stop());

  const setUp = () =>
    modelLoop({
      environment: {
        LLM_PROVIDER: provider,
        LLM_BASE_URL: `${mock.url}/v1`,
        LLM_API_KEY: 'test-key',
        LLM_MODEL: model,
      },
    });

  it('goes through reasoning, a tool call and an answer, and is paid for', async () => {
    const usage = { input_tokens: 1_000, output_tokens: 100, prompt_tokens: 1_000, completion_tokens: 100 };
    const toolCalls = [{ name: 'query_usage', arguments: '{"group_by":"team"}' }];
    mock.on({ hasToolResult: false }, { reasoning: 'Teams first.', toolCalls, usage });
    mock.on({ hasToolResult: true }, { content: 'The support team spent most of it.', usage });
    const { tool, calls } = usageTool();
    const heard = await converse(setUp().loop, { plan: justText, tools: [tool] });
    expect(heard.notices).toEqual([]);
    expect(heard.outcome.text).toBe('The support team spent most of it.');
    expect(heard.shown).toBe(heard.outcome.text);
    expect(calls).toHaveLength(1);
    expect(heard.thoughts).toEqual([{ reasoning: 'Teams first.', step: 'query_usage' }]);
    expect(heard.outcome.usage).toMatchObject({ inputTokens: 2_000, outputTokens: 200, model });
    expect(heard.outcome.usage.costNanoUsd).toBeGreaterThan(0n);
    expect(mock.getRequests().map((request) => request.path)).toEqual([path, path]);
  });

  it('hands the conversation over to the planner when it fails in the middle', async () => {
    mock.on({ hasToolResult: false }, { toolCalls: [{ name: 'query_usage', arguments: '{"group_by":"team"}' }] });
    mock.on({ hasToolResult: true }, { error: { message: 'overloaded' }, status: 529 });
    const heard = await converse(setUp().loop, { plan: justText, tools: [usageTool().tool] });
    expect(heard.outcome).toMatchObject({ text: 'Planned answer from 1 calls.', degraded: true, steps: 2 });
    expect(heard.notices.map(({ reason }) => reason)).toEqual([
      'The model provider has a problem of its own (529); the planner goes on.',
    ]);
  });
});
