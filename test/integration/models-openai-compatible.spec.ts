import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { LLMock } from '@copilotkit/aimock';
import { RunBudget } from '../../src/models/run-budget.js';
import { converse, modelLoop } from '../support/model-loop.js';
import { justText, usageTool } from '../support/usage-tool.js';

const USAGE = { prompt_tokens: 1_000, completion_tokens: 100 };

describe('an OpenAI-compatible provider', () => {
  let mock: LLMock;
  beforeEach(async () => {
    mock = new LLMock({ port: 0, chunkSize: 8 });
    await mock.start();
  });
  afterEach(() => mock.stop());

  const loop = () =>
    modelLoop({
      environment: {
        LLM_PROVIDER: 'openai-compatible',
        LLM_BASE_URL: `${mock.url}/v1`,
        LLM_API_KEY: 'test-key',
        LLM_MODEL: 'gpt-4o',
      },
    }).loop;

  const callsModels = { name: 'query_usage', arguments: '{"group_by":"model"}' };

  it('thinks, calls a tool and streams its answer', async () => {
    mock.on(
      { hasToolResult: false },
      { reasoning: 'I need the models first.', toolCalls: [callsModels], usage: USAGE },
    );
    mock.on({ hasToolResult: true }, { content: 'You spent $96.79 in that hour.', usage: USAGE });
    const { tool, calls } = usageTool();
    const budget = new RunBudget(1);
    const heard = await converse(loop(), { plan: justText, tools: [tool], budget });
    expect(heard.thoughts).toEqual([{ reasoning: 'I need the models first.', step: 'query_usage' }]);
    expect(calls.map(({ parameters }) => parameters)).toEqual([{ group_by: 'model' }]);
    expect(heard.deltas.length).toBeGreaterThan(2);
    expect(heard.outcome).toMatchObject({
      text: 'You spent $96.79 in that hour.',
      degraded: false,
      steps: 2,
      usage: { inputTokens: 2_000, outputTokens: 200, costNanoUsd: 7_000_000n, model: 'gpt-4o' },
    });
    expect(heard.shown).toBe(heard.outcome.text);
    expect(budget.costNanoUsd).toBe(7_000_000n);
  });

  it('is sent the key, the instructions, the input and the tools, and what they gave', async () => {
    mock.on({ hasToolResult: false }, { toolCalls: [callsModels] });
    mock.on({ hasToolResult: true }, { content: 'Done.' });
    await converse(loop(), {
      plan: justText,
      tools: [usageTool().tool],
      instructions: 'Be brief.',
      input: { query: 'Costs?' },
    });
    const [first, second] = mock.getRequests();
    expect(first?.headers.authorization).toBeDefined();
    expect(JSON.stringify(first?.body)).toContain('Be brief.');
    expect(first?.body).toMatchObject({
      stream: true,
      stream_options: { include_usage: true },
      messages: [{ role: 'system' }, { role: 'user', content: '{"query":"Costs?"}' }],
      tools: [
        { function: { name: 'query_usage', parameters: { properties: { group_by: { enum: ['model', 'team'] } } } } },
      ],
    });
    expect(second?.body).toMatchObject({
      messages: [{}, {}, { role: 'assistant' }, { role: 'tool', content: '{"of":{"group_by":"model"}}' }],
    });
  });

  it('makes parallel calls of one answer', async () => {
    const toolCalls = [callsModels, { name: 'query_usage', arguments: '{"group_by":"team"}' }];
    mock.on({ hasToolResult: false }, { toolCalls });
    mock.on({ hasToolResult: true }, { content: 'Done.' });
    const { outcome } = await converse(loop(), { plan: justText, tools: [usageTool().tool] });
    expect(outcome.calls.map(({ parameters }) => parameters.group_by)).toEqual(['model', 'team']);
    expect(outcome.steps).toBe(2);
  });

  it('learns that its parameters were wrong and can correct them', async () => {
    mock.on({ hasToolResult: false }, { toolCalls: [{ name: 'query_usage', arguments: '{"group_by":"planet"}' }] });
    mock.on({ toolResultContains: 'group_by', sequenceIndex: 0 }, { toolCalls: [callsModels] });
    mock.on({ hasToolResult: true }, { content: 'Done.' });
    const { outcome } = await converse(loop(), { plan: justText, tools: [usageTool().tool] });
    expect(outcome.calls.map(({ success }) => success)).toEqual([false, true]);
    expect(outcome.text).toBe('Done.');
  });

  it('sees the calls of an earlier attempt as already made', async () => {
    mock.on({ hasToolResult: true }, { content: 'Done.' });
    const resumed = [
      { tool: 'query_usage', parameters: { group_by: 'model' }, success: true, result: { total: '96.79' } },
    ];
    const { tool, calls } = usageTool();
    const { outcome } = await converse(loop(), { plan: justText, tools: [tool], resumed });
    expect([outcome.text, outcome.calls, calls]).toEqual(['Done.', resumed, []]);
  });
});
