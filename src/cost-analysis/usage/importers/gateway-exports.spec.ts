import { describe, expect, it } from '@jest/globals';
import { RejectedRow } from '../rejected-row.js';
import { only, read } from './import-reading.fixture.js';

describe('langfuse', () => {
  const generation = {
    id: 'obs-1',
    traceId: 'trace-1',
    type: 'GENERATION',
    name: 'answer',
    startTime: '2026-01-02T03:04:05.000Z',
    endTime: '2026-01-02T03:04:07.500Z',
    completionStartTime: '2026-01-02T03:04:05.400Z',
    providedModelName: 'gpt-4o',
    level: 'DEFAULT',
    statusMessage: null,
    promptName: 'support-answer',
    promptVersion: 3,
    usageDetails: { input: 600, input_cached_tokens: 400, output: 80, output_reasoning_tokens: 20, total: 1100 },
    costDetails: { input: 0.002, output: 0.001, total: 0.003 },
    totalCost: null,
    latency: 9,
    timeToFirstToken: 9,
    userId: 'ann',
    sessionId: 's-1',
    tags: ['team:support', 'blue'],
    environment: 'production',
    input: 'my secret',
    output: 'an answer',
  };

  it('reads a generation; the kinds of tokens are disjoint', () => {
    expect(read(generation, 'json')).toMatchObject({ source: 'langfuse', format: 'langfuse' });
    expect(only(generation, 'json')).toMatchObject({
      id: 'obs-1',
      inputUncached: 600,
      cacheRead: 400,
      output: 100,
      reasoning: 20,
      modelRaw: 'gpt-4o',
      latencyMs: 2500,
      ttftMs: 400,
      status: 'ok',
      team: 'support',
      feature: 'support-answer',
      user: 'ann',
      sessionId: 's-1',
      traceId: 'trace-1',
      costReportedNanoUsd: 3_000_000n,
      tags: { request_tags: ['team:support', 'blue'], environment: 'production', prompt_version: '3' },
    });
    expect(JSON.stringify(only(generation, 'json').tags)).not.toMatch(/my secret|an answer/);
  });

  it('lets the total say when a client counts cached tokens in the input', () => {
    const usageDetails = {
      input: 1000,
      input_cached_tokens: 400,
      output: 100,
      output_reasoning_tokens: 20,
      total: 1100,
    };
    expect(only({ ...generation, usageDetails }, 'json')).toMatchObject({
      inputUncached: 600,
      cacheRead: 400,
      output: 100,
      reasoning: 20,
    });
  });

  it('knows the names of Anthropic', () => {
    const usageDetails = { input: 10, cache_read_input_tokens: 40, cache_creation_input_tokens: 30, output: 5 };
    expect(only({ ...generation, usageDetails }, 'json')).toMatchObject({
      inputUncached: 10,
      cacheRead: 40,
      cacheWrite5m: 30,
      output: 5,
    });
  });

  it('reads an export: names in snake_case, objects as JSON text, durations in seconds', () => {
    const row = {
      id: 'obs-2',
      trace_id: 'trace-1',
      type: 'GENERATION',
      start_time: '2026-01-02T03:04:05Z',
      provided_model_name: 'gpt-4o',
      level: 'DEFAULT',
      usage_details: '{"input":10,"output":5,"total":15}',
      total_cost: '0.5',
      latency: '1.25',
      time_to_first_token: '0.3',
      user_id: 'ann',
      tags: '["feature:chat"]',
    };
    expect(read(row).source).toBe('langfuse');
    expect(only(row)).toMatchObject({
      inputUncached: 10,
      output: 5,
      latencyMs: 1250,
      ttftMs: 300,
      feature: 'chat',
      costReportedNanoUsd: 500_000_000n,
    });
  });

  it('counts level ERROR as a failure, without quoting its message', () => {
    const failed = { ...generation, level: 'ERROR', statusMessage: 'RateLimitError: too many "my secret"' };
    expect(only(failed, 'json')).toMatchObject({ status: 'error', errorType: 'RateLimitError' });
    expect(only({ ...failed, statusMessage: 'bad things: x' }, 'json').errorType).toBe('bad');
  });

  it('passes over what is no generation, and rejects a generation without usage', () => {
    expect(read({ ...generation, type: 'SPAN' }, 'json').rows).toEqual([]);
    expect(() => read({ ...generation, usageDetails: {} }, 'json')).toThrow('the generation has no usage');
  });
});

describe('helicone', () => {
  const request = {
    request_id: '7d0c2ba2-9a5b-4b0e-8c1d-6a1f5a1c0001',
    request_created_at: '2026-01-02T03:04:05Z',
    response_status: 200,
    request_model: 'gpt-4o',
    response_model: 'gpt-4o-2024-08-06',
    provider: 'OPENAI',
    request_user_id: 'ann',
    request_properties: { Team: 'support', Feature: 'chat', Region: 'eu', 'Helicone-Session-Id': 's' },
    delay_ms: 1200,
    time_to_first_token: 300,
    total_tokens: 1100,
    prompt_tokens: 1000,
    completion_tokens: 100,
    prompt_cache_write_tokens: 0,
    prompt_cache_read_tokens: 400,
    costUSD: 0.0035,
    cache_reference_id: '00000000-0000-0000-0000-000000000000',
    request_body: { messages: 'my secret' },
  };

  it('reads a request', () => {
    expect(read(request, 'json')).toMatchObject({ source: 'helicone', format: 'helicone' });
    expect(only(request, 'json')).toMatchObject({
      id: request.request_id,
      modelRaw: 'gpt-4o-2024-08-06',
      provider: 'openai',
      inputUncached: 600,
      cacheRead: 400,
      output: 100,
      status: 'ok',
      team: 'support',
      feature: 'chat',
      sessionId: 's',
      latencyMs: 1200,
      ttftMs: 300,
      costReportedNanoUsd: 3_500_000n,
      tags: { extra: { Region: 'eu' } },
    });
  });

  it('takes what was served from its cache as cached', () => {
    const cached = { ...request, cache_reference_id: '7d0c2ba2-9a5b-4b0e-8c1d-6a1f5a1c0002' };
    expect(only(cached, 'json').status).toBe('cached');
  });

  it('takes input as exclusive of the cache for Anthropic, and where the total says so', () => {
    const tokens = { prompt_tokens: 1000, prompt_cache_read_tokens: 400, completion_tokens: 100 };
    expect(only({ ...request, ...tokens, provider: 'ANTHROPIC' }, 'json')).toMatchObject({ inputUncached: 1000 });
    expect(only({ ...request, ...tokens, total_tokens: 1500 }, 'json')).toMatchObject({ inputUncached: 1000 });
  });

  it.each([
    [200, 'ok'],
    [429, 'error'],
    [500, 'error'],
    [499, 'aborted'],
  ])('status %j is %s', (status, expected) => {
    const row = {
      ...request,
      response_status: status,
      prompt_tokens: null,
      completion_tokens: null,
      total_tokens: null,
    };
    expect(only(row, 'json').status).toBe(expected);
  });

  it('reads CSV, with the properties as JSON text', () => {
    const row = { ...request, request_properties: '{"Team":"ops"}', request_body: '', cost: '0.5', costUSD: '' };
    expect(only(row)).toMatchObject({ team: 'ops', costReportedNanoUsd: 500_000_000n });
  });
});

describe('answers of providers', () => {
  it('are known as such also where the counts of the first contradict each other', () => {
    const body = { createTime: '2026-01-02T03:04:05Z', modelVersion: 'gemini-2.5-pro' };
    const answer = { ...body, usageMetadata: { promptTokenCount: 100, cachedContentTokenCount: 300 } };
    expect(() => read(answer, 'json')).toThrow(new RejectedRow('more cached than input tokens'));
  });
});

describe('traces', () => {
  it('reads BurstGPT: seconds since the start, and no response as a failure', () => {
    const row = {
      Timestamp: '5',
      Model: 'ChatGPT',
      'Request tokens': '472',
      'Response tokens': '18',
      'Total tokens': '490',
      'Log Type': 'Conversation log',
    };
    expect(read(row)).toMatchObject({ source: 'burstgpt', format: 'burstgpt' });
    expect(only(row)).toMatchObject({
      tsStart: new Date('2024-01-01T00:00:05Z'),
      modelRaw: 'gpt-3.5-turbo',
      inputUncached: 472,
      output: 18,
      status: 'ok',
    });
    expect(only({ ...row, 'Response tokens': '0', 'Total tokens': '472', Model: 'GPT-4' })).toMatchObject({
      status: 'error',
      modelRaw: 'gpt-4',
    });
    expect(() => read({ ...row, 'Total tokens': '1' })).toThrow('total 1 is not request 472 + response 18');
  });

  it('reads Mooncake: milliseconds since the start, and blocks of the prompt', () => {
    const row = { timestamp: 27_482, input_length: 6955, output_length: 52, hash_ids: [46, 47, 2353] };
    expect(read(row, 'json')).toMatchObject({ source: 'mooncake', format: 'mooncake' });
    expect(only(row, 'json')).toMatchObject({
      tsStart: new Date('2024-01-01T00:00:27.482Z'),
      inputUncached: 6955,
      output: 52,
      prefix: 'mooncake 46',
      tags: { block_tokens: 512, prefix_blocks: [46, 47, 2353] },
    });
    expect(() => read({ ...row, hash_ids: ['x'] }, 'json')).toThrow('hash_ids is no list');
  });
});
