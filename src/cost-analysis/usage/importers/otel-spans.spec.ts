import { describe, expect, it } from '@jest/globals';
import { RejectedRow } from '../rejected-row.js';
import { only, read } from './import-reading.fixture.js';

type Attributes = Record<string, string | number | boolean | readonly string[]>;

const valueOf = (value: Attributes[string]): object =>
  Array.isArray(value)
    ? { arrayValue: { values: value.map((each: string) => ({ stringValue: each })) } }
    : typeof value === 'number'
      ? { intValue: String(value) }
      : typeof value === 'boolean'
        ? { boolValue: value }
        : { stringValue: value };

const span = (attributes: Attributes, fields: object = {}): object => ({
  traceId: '5b8efff798038103d269b633813fc60c',
  spanId: 'eee19b7ec3c1b174',
  name: 'chat gpt-4o',
  startTimeUnixNano: '1767323045000000000',
  endTimeUnixNano: '1767323047500000000',
  attributes: Object.entries(attributes).map(([key, value]) => ({ key, value: valueOf(value) })),
  status: {},
  ...fields,
});

const exported = (...spans: object[]) => ({
  resourceSpans: [
    {
      resource: { attributes: [{ key: 'service.name', value: { stringValue: 'shop' } }] },
      scopeSpans: [{ scope: { name: 'x' }, spans }],
    },
  ],
});

const CHAT: Attributes = {
  'gen_ai.operation.name': 'chat',
  'gen_ai.provider.name': 'openai',
  'gen_ai.request.model': 'gpt-4o',
  'gen_ai.response.model': 'gpt-4o-2024-08-06',
  'gen_ai.response.id': 'chatcmpl-9J3uIL87gldCFtiIbyaOvTeYBRA3l',
  'gen_ai.response.finish_reasons': ['stop'],
  'gen_ai.request.max_tokens': 300,
  'gen_ai.conversation.id': 'c-1',
  'gen_ai.usage.input_tokens': 1000,
  'gen_ai.usage.output_tokens': 100,
  'gen_ai.usage.cache_read.input_tokens': 300,
  'gen_ai.usage.cache_creation.input_tokens': 100,
  'gen_ai.usage.reasoning.output_tokens': 40,
  'gen_ai.agent.name': 'helper',
  'gen_ai.input.messages': 'my secret',
  'gen_ai.system_instructions': 'my secret',
  'http.request.method': 'POST',
  region: 'eu',
};

describe('otel', () => {
  it('reads the present conventions, with input that includes the cached tokens', () => {
    expect(read(exported(span(CHAT)), 'json').source).toBe('otel');
    const row = only(exported(span(CHAT)), 'json');
    expect(row).toMatchObject({
      id: '5b8efff798038103d269b633813fc60c:eee19b7ec3c1b174',
      responseId: 'chatcmpl-9J3uIL87gldCFtiIbyaOvTeYBRA3l',
      provider: 'openai',
      modelRaw: 'gpt-4o-2024-08-06',
      operation: 'chat',
      inputUncached: 600,
      cacheRead: 300,
      cacheWrite5m: 100,
      output: 100,
      reasoning: 40,
      latencyMs: 2500,
      finishReason: 'stop',
      sessionId: 'c-1',
      status: 'ok',
      tags: { agent: 'helper', service: 'shop', max_tokens: '300', extra: { region: 'eu' } },
    });
    expect(JSON.stringify(row)).not.toContain('my secret');
  });

  it('keeps no attribute that may hold words of prompts and answers, whatever it is called', () => {
    const names = [
      'input.value',
      'output.value',
      'langfuse.observation.input',
      'langfuse.trace.metadata.note',
      'notes',
    ];
    const row = only(
      exported(
        span({
          ...CHAT,
          ...Object.fromEntries(names.map((name) => [name, 'my secret'])),
          'service.version': '1.2',
          'deployment.stage': 'live',
        }),
      ),
      'json',
    );
    expect(row.tags).toMatchObject({
      extra: { region: 'eu', 'service.version': '1.2', 'deployment.stage': 'live' },
    });
    expect(JSON.stringify(row)).not.toContain('my secret');
  });

  it('reads the earlier names', () => {
    const legacy = {
      'gen_ai.system': 'anthropic',
      'gen_ai.request.model': 'claude-sonnet-4-5',
      'gen_ai.usage.prompt_tokens': 10,
      'gen_ai.usage.completion_tokens': 5,
      'llm.usage.total_tokens': 15,
    };
    expect(only(exported(span(legacy)), 'json')).toMatchObject({ provider: 'anthropic', inputUncached: 10, output: 5 });
  });

  it('reads the AI SDK: the call, not the span around it', () => {
    const sdk = {
      'ai.operationId': 'ai.streamText.doStream',
      'ai.model.id': 'gpt-4o',
      'ai.usage.promptTokens': 10,
      'ai.usage.completionTokens': 5,
      'ai.telemetry.functionId': 'support-answer',
    };
    const outer = { ...sdk, 'ai.operationId': 'ai.streamText' };
    expect(only(exported(span(sdk), span(outer)), 'json')).toMatchObject({
      inputUncached: 10,
      output: 5,
      feature: 'support-answer',
      stream: true,
    });
  });

  it('passes over spans of anything else, of tools, and of agents that sum up their calls', () => {
    const others = [
      span({ 'http.request.method': 'GET' }),
      span({ 'gen_ai.operation.name': 'execute_tool', 'gen_ai.tool.name': 'x' }),
      span({ ...CHAT, 'gen_ai.operation.name': 'invoke_agent' }),
    ];
    expect(read(exported(...others), 'json').rows).toEqual([]);
  });

  it('takes a call that failed before it used anything', () => {
    const failed = { 'gen_ai.operation.name': 'chat', 'gen_ai.request.model': 'gpt-4o', 'error.type': 'timeout' };
    expect(only(exported(span(failed)), 'json')).toMatchObject({
      status: 'error',
      errorType: 'timeout',
      inputUncached: 0,
      output: 0,
    });
    expect(only(exported(span(CHAT, { status: { code: 2 } })), 'json').status).toBe('error');
  });

  it('rejects a span that is wrong, and takes its neighbours', () => {
    const { rows } = read(
      exported(
        span({ ...CHAT, 'gen_ai.usage.input_tokens': -1 }),
        span(CHAT, { traceId: undefined }),
        span({ 'gen_ai.request.model': 'm', 'llm.usage.total_tokens': 15 }),
        span(CHAT),
      ),
      'json',
    );
    expect(rows.map((row) => (row instanceof RejectedRow ? row.reason : 'row'))).toEqual([
      'input is negative: -1',
      'a span needs traceId and spanId',
      'only a total of tokens: input and output have different prices',
      'row',
    ]);
  });
});
