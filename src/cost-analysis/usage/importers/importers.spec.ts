import { describe, expect, it } from '@jest/globals';
import { AppError } from '../../../errors/app-error.js';
import { RejectedRow } from '../rejected-row.js';
import { only, read } from './import-reading.fixture.js';

describe('azure-trace', () => {
  it('takes time and tokens by name', () => {
    const row = { GeneratedTokens: '44', TIMESTAMP: '2023-11-16 18:15:46.6805900', ContextTokens: '374' };
    expect(read(row).source).toBe('azure-trace');
    expect(only(row)).toMatchObject({ inputUncached: 374, output: 44, status: 'ok', rowKind: 'request' });
  });
});

describe('litellm', () => {
  const log = {
    request_id: 'chatcmpl-1',
    call_type: 'acompletion',
    api_key: 'hash',
    spend: '0.0031',
    total_tokens: '1100',
    prompt_tokens: '1000',
    completion_tokens: '100',
    startTime: '2026-01-02 03:04:05.000+00',
    endTime: '2026-01-02 03:04:07.500+00',
    completionStartTime: '2026-01-02 03:04:05.400+00',
    model: 'gpt-4o',
    custom_llm_provider: 'azure',
    user: 'ann@example.com',
    metadata:
      '{"user_api_key_team_alias":"support","usage_object":{"prompt_tokens_details":{"cached_tokens":400},"completion_tokens_details":{"reasoning_tokens":20}}}',
    cache_hit: 'True',
    request_tags: '["feature:chat","blue"]',
    requester_ip_address: '10.0.0.1',
    messages: '[{"role":"user","content":"my secret"}]',
    response: '{}',
    status: 'success',
    region: 'eu',
  };

  it('reads a spend log, with what only metadata knows', () => {
    expect(read(log).source).toBe('litellm');
    expect(only(log)).toMatchObject({
      id: 'chatcmpl-1',
      inputUncached: 600,
      cacheRead: 400,
      output: 100,
      reasoning: 20,
      provider: 'azure',
      team: 'support',
      feature: 'chat',
      latencyMs: 2500,
      ttftMs: 400,
      status: 'ok',
      costReportedNanoUsd: 3_100_000n,
      tags: { request_tags: ['feature:chat', 'blue'], extra: { region: 'eu' } },
    });
  });

  it('keeps no prompt, answer or address', () => {
    // The identity holds the whole row; it is hashed before it is stored.
    const text = JSON.stringify({ ...only(log), identity: '', costReportedNanoUsd: '' });
    expect(text).not.toMatch(/my secret|10\.0\.0\.1/);
  });

  it('believes cache_hit only when nothing was spent', () => {
    expect(only({ ...log, spend: '0' }).status).toBe('cached');
    expect(only({ ...log, status: 'failure' }).status).toBe('error');
  });

  it('reads Anthropic cache writes out of the inclusive prompt tokens', () => {
    const metadata = {
      additional_usage_values: { cache_read_input_tokens: 300, cache_creation_input_tokens: 200 },
      usage_object: { cache_creation: { ephemeral_1h_input_tokens: 50 } },
    };
    expect(only({ ...log, metadata }, 'json')).toMatchObject({
      inputUncached: 500,
      cacheRead: 300,
      cacheWrite5m: 150,
      cacheWrite1h: 50,
    });
  });

  it('survives metadata that is no JSON', () => {
    expect(only({ ...log, metadata: "{'python': True}" })).toMatchObject({ inputUncached: 1000, cacheRead: 0 });
  });

  it('reads daily spend as buckets of a day, one for the same key whatever its counts', () => {
    const daily = {
      date: '2026-01-02',
      api_key: 'k',
      model: 'gpt-4o',
      prompt_tokens: '10',
      completion_tokens: '5',
      cache_read_input_tokens: '4',
      spend: '1.5',
      api_requests: '3',
      successful_requests: '2',
      failed_requests: '1',
    };
    expect(read(daily).source).toBe('litellm-daily');
    const row = only(daily);
    expect(row).toMatchObject({
      rowKind: 'bucket',
      requests: 3,
      inputUncached: 6,
      cacheRead: 4,
      tags: { failed_requests: 1 },
    });
    expect(row.tsEnd?.toISOString()).toBe('2026-01-03T00:00:00.000Z');
    expect(only({ ...daily, prompt_tokens: '99' }).identity).toBe(row.identity);
    expect(only({ ...daily, model: 'gpt-5' }).identity).not.toBe(row.identity);
    for (const name of ['mcp_namespaced_tool_name', 'organization_id', 'agent_id']) {
      expect(only({ ...daily, [name]: '' }).identity).toBe(row.identity);
      expect(only({ ...daily, [name]: 'x' }).identity).not.toBe(row.identity);
    }
  });
});

describe('openai-usage', () => {
  const result = {
    object: 'organization.usage.completions.result',
    input_tokens: 1000,
    input_cached_tokens: 300,
    input_cache_write_tokens: 100,
    input_uncached_tokens: 600,
    output_tokens: 50,
    input_text_tokens: 1000,
    num_model_requests: 5,
    project_id: 'proj',
    user_id: null,
    api_key_id: null,
    model: 'gpt-4o-mini-2024-07-18',
    batch: true,
    service_tier: 'default',
  };
  const bucket = { object: 'bucket', start_time: 1_767_312_000, end_time: 1_767_398_400, results: [result] };

  it('makes a row of each result, and never adds the breakdowns', () => {
    expect(read(bucket, 'json').source).toBe('openai-usage');
    expect(only(bucket, 'json')).toMatchObject({
      inputUncached: 600,
      cacheRead: 300,
      cacheWrite5m: 100,
      output: 50,
      requests: 5,
      isBatch: true,
      operation: 'completions',
      project: 'proj',
      tags: { extra: { input_text_tokens: '1000' } },
    });
  });

  it('takes pages and the older name of results', () => {
    const { results, ...old } = bucket;
    const page = { object: 'page', data: [{ ...old, result: results }, bucket], has_more: false, next_page: null };
    expect(read(page, 'json').rows).toHaveLength(2);
  });

  it('rejects a bad result and keeps its neighbours', () => {
    const [negative, contradictory] = [-1, 399].map((tokens) => ({ ...result, input_tokens: tokens }));
    const results = [negative, contradictory, { amount: { value: 1 } }, {}, result];
    const { rows } = read({ ...bucket, results }, 'json');
    expect(rows.map((row) => (row instanceof RejectedRow ? row.reason : 'row'))).toEqual([
      'input is negative: -1',
      'more cached than input tokens',
      'a result of the costs API, not of the usage API',
      'the result has no tokens',
      'row',
    ]);
  });
});

describe('generic', () => {
  it('takes usual names in any spelling, and unknown columns as tags', () => {
    const row = {
      Date: '2026-01-02',
      'Model Name': 'gpt-4o',
      'Prompt Tokens': '100',
      'completion-tokens': '20',
      cached_tokens: '40',
      'Cost (USD)': '',
      cost_usd: '0.5',
      Department: 'ops',
      region: 'eu',
    };
    expect(only(row)).toMatchObject({
      modelRaw: 'gpt-4o',
      inputUncached: 60,
      cacheRead: 40,
      output: 20,
      team: 'ops',
      costReportedNanoUsd: 500_000_000n,
      rowKind: 'request',
      tags: { extra: { region: 'eu' } },
    });
  });

  it('tells inclusive from exclusive input', () => {
    const base = { time: '2026-01-02', model: 'm', output_tokens: 1 };
    expect(only({ ...base, input_tokens: 100, cached_input_tokens: 30 })).toMatchObject({
      inputUncached: 70,
      cacheRead: 30,
    });
    expect(only({ ...base, uncached_input_tokens: 100, cached_input_tokens: 30 })).toMatchObject({
      inputUncached: 100,
      cacheRead: 30,
    });
    expect(
      only({ ...base, input_tokens: 100, cache_read_input_tokens: 30, cache_creation_input_tokens: 5 }),
    ).toMatchObject({ inputUncached: 100, cacheRead: 30, cacheWrite5m: 5 });
    expect(only({ ...base, input_tokens: 10, cached_tokens: 30 })).toMatchObject({ inputUncached: 10, cacheRead: 30 });
    expect(() => only({ ...base, input_total: 10, uncached_input_tokens: 9, cached_tokens: 30 })).toThrow(
      'input 10 is not uncached 9 + cached 30',
    );
  });

  it('makes one request of a row with the id of one answer', () => {
    const row = { id: 'chatcmpl-0123456789ab', time: '2026-01-02', model: 'm', input: '5', output: '6' };
    expect(only({ ...row, requests: '1' })).toMatchObject({ rowKind: 'request', responseId: row.id });
    expect(only({ ...row, requests: '2' })).toMatchObject({ rowKind: 'bucket', requests: 2 });
  });

  it('makes buckets of rows that count requests', () => {
    expect(only({ time: '2026-01-02', model: 'm', input: '5', output: '6', requests: '7' })).toMatchObject({
      rowKind: 'bucket',
      requests: 7,
    });
  });

  it.each([
    ['ok', 'ok'],
    ['200', 'ok'],
    ['SUCCESS', 'ok'],
    ['', 'ok'],
    ['cached', 'cached'],
    ['cancelled', 'aborted'],
    ['429', 'error'],
    ['whatever', 'error'],
  ])('status %j is %s', (status, expected) => {
    expect(only({ time: '2026-01-02', model: 'm', input: '5', output: '6', status }).status).toBe(expected);
  });

  it('takes an id for its own only when it can be unique', () => {
    const row = { time: '2026-01-02', model: 'm', input: '5', output: '6' };
    expect(only({ id: '17', ...row }).id).toBeUndefined();
    expect(only({ id: 'chatcmpl-0123456789', ...row }).id).toBe('chatcmpl-0123456789');
  });

  it('refuses a foreign currency and a row without anything', () => {
    const row = { time: '2026-01-02', model: 'm', input: '5', output: '', cost: '3', currency: 'EUR' };
    expect(() => only(row)).toThrow('only USD');
    expect(() => only({ ...row, input: '', cost: '' })).toThrow('neither tokens nor cost');
    expect(() => only({ ...row, time: '', cost: '' })).toThrow('the time is empty');
  });

  it('drops columns that hold texts of people or secrets', () => {
    const row = {
      time: '2026-01-02',
      model: 'm',
      input: '5',
      output: '6',
      notes_text: 'x',
      customer_email2: 'y',
      client_ip: 'z',
      secret_sauce: 's',
      instructions: 'i',
      transcript: 't',
      tool_arguments: 'a',
      result: 'r',
      raw_input: 'in',
      events: 'e',
      result_count: '3',
      input_audio_tokens: '4',
      region: 'eu',
      long: 'l'.repeat(300),
      __proto__x: '1',
    };
    expect(only(row).tags).toEqual({
      extra: { result_count: '3', input_audio_tokens: '4', region: 'eu', __proto__x: '1' },
    });
  });
});

describe('a file of no known format', () => {
  it('is refused with what is needed and what was found', () => {
    const refuse = (format: string) => () => read({ name: 'x', value: 'y' }, 'csv', format);
    expect(refuse('auto')).toThrow(AppError);
    expect(refuse('litellm')).toThrow('Needed: litellm: columns request_id');
    expect(refuse('azure-trace')).toThrow('columns TIMESTAMP, ContextTokens and GeneratedTokens');
  });
});
