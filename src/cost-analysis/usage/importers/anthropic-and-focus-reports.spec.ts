import { describe, expect, it } from '@jest/globals';
import { RejectedRow } from '../rejected-row.js';
import { only, read } from './import-reading.fixture.js';

const reasons = (rows: readonly unknown[]) => rows.map((row) => (row instanceof RejectedRow ? row.reason : 'row'));

describe('anthropic-usage', () => {
  const result = {
    uncached_input_tokens: 1500,
    cache_creation: { ephemeral_5m_input_tokens: 100, ephemeral_1h_input_tokens: 1000 },
    cache_read_input_tokens: 200,
    output_tokens: 500,
    server_tool_use: { web_search_requests: 10 },
    api_key_id: 'apikey_1',
    workspace_id: 'wrkspc_1',
    model: 'claude-opus-4-20250514',
    service_tier: 'batch',
    context_window: '200k-1M',
    inference_geo: 'global',
  };
  const bucket = { starting_at: '2026-01-02T00:00:00Z', ending_at: '2026-01-03T00:00:00Z', results: [result] };

  it('takes its input as what is not cached, and counts no requests', () => {
    expect(read(bucket, 'json')).toMatchObject({ source: 'anthropic-usage', format: 'anthropic-usage' });
    const row = only(bucket, 'json');
    expect(row).toMatchObject({
      inputUncached: 1500,
      cacheRead: 200,
      cacheWrite5m: 100,
      cacheWrite1h: 1000,
      output: 500,
      isBatch: true,
      isLongContext: true,
      project: 'wrkspc_1',
      tags: { web_search_requests: '10', context_window: '200k-1M', inference_geo: 'global' },
    });
    expect(row.requests).toBeUndefined();
  });

  it('takes pages, and rejects a result without tokens alone', () => {
    const page = { data: [bucket, { ...bucket, results: [{ model: 'x' }] }], has_more: false, next_page: null };
    expect(reasons(read(page, 'json').rows)).toEqual(['row', 'the result has no tokens']);
  });

  const csv = {
    usage_date_utc: '2026-01-02',
    model_version: 'claude-sonnet-4-5-20250929',
    api_key: 'production',
    workspace: 'Default',
    usage_type: 'standard',
    context_window: '≤ 200k',
    usage_input_tokens_no_cache: '10',
    usage_input_tokens_cache_write_5m: '20',
    usage_input_tokens_cache_write_1h: '30',
    usage_input_tokens_cache_read: '40',
    usage_output_tokens: '50',
    web_search_count: '2',
  };

  it('reads the console export', () => {
    expect(read(csv).source).toBe('anthropic-usage');
    expect(only(csv)).toMatchObject({
      modelRaw: 'claude-sonnet-4-5-20250929',
      inputUncached: 10,
      cacheWrite5m: 20,
      cacheWrite1h: 30,
      cacheRead: 40,
      output: 50,
      isBatch: false,
      isLongContext: false,
      project: 'Default',
      apiKey: 'production',
      tags: { web_search_requests: '2' },
    });
    expect(only({ ...csv, usage_type: 'batch', context_window: '> 200k' })).toMatchObject({
      isBatch: true,
      isLongContext: true,
    });
  });
});

describe('anthropic-cost', () => {
  const result = {
    amount: '123.45',
    currency: 'USD',
    cost_type: 'tokens',
    description: 'Claude Sonnet 4 Usage - Input Tokens',
    model: 'claude-sonnet-4-20250514',
    token_type: 'uncached_input_tokens',
    context_window: '0-200k',
    service_tier: 'standard',
    workspace_id: null,
  };
  const bucket = { starting_at: '2026-01-02T00:00:00Z', ending_at: '2026-01-03T00:00:00Z', results: [result] };

  it('reads amounts as cents', () => {
    expect(read(bucket, 'json').source).toBe('anthropic-cost');
    expect(only(bucket, 'json')).toMatchObject({
      isBill: true,
      costReportedNanoUsd: 1_234_500_000n,
      provider: 'anthropic',
      modelRaw: 'claude-sonnet-4-20250514',
      tags: { cost_type: 'tokens', token_type: 'uncached_input_tokens', context_window: '0-200k' },
    });
  });

  it('reads the console export in USD, one line for each kind of token', () => {
    const csv = {
      usage_date_utc: '2026-01-02',
      model: 'Claude Sonnet 4.5',
      workspace: 'Default',
      api_key: 'production',
      usage_type: 'standard',
      context_window: '≤ 200k',
      token_type: 'input_cache_write_5m',
      cost_usd: '12.34',
      list_price_usd: '13.00',
      cost_type: 'token',
    };
    expect(read(csv).source).toBe('anthropic-cost');
    expect(only(csv)).toMatchObject({ costReportedNanoUsd: 12_340_000_000n, modelRaw: 'Claude Sonnet 4.5' });
    expect(only({ ...csv, token_type: 'output' }).identity).not.toBe(only(csv).identity);
    expect(only({ ...csv, cost_usd: '99' }).identity).toBe(only(csv).identity);
  });
});

describe('focus', () => {
  const line = {
    BilledCost: '12.5',
    EffectiveCost: '12.5',
    ListCost: '15',
    BillingCurrency: 'USD',
    ChargePeriodStart: '2026-01-02T00:00:00Z',
    ChargePeriodEnd: '2026-01-03T00:00:00Z',
    ProviderName: 'Microsoft',
    ServiceName: 'Azure OpenAI',
    ServiceCategory: 'AI and Machine Learning',
    SkuId: 'sku-1',
    SkuMeter: 'gpt 4o 0806 Output Tokens',
    SkuPriceDetails: '{"ModelName":"gpt-4o-2024-08-06"}',
    ConsumedQuantity: '1250000',
    ConsumedUnit: 'Token',
    PricingQuantity: '1250',
    PricingUnit: '1000 Tokens',
    SubAccountId: 'sub-1',
    SubAccountName: 'Production',
    ResourceId: 'res-1',
    ResourceName: 'openai-eu',
    Tags: '{"team":"support","stage":"live"}',
  };

  it('makes a line of a bill, with the tokens that it is the price of', () => {
    expect(read(line)).toMatchObject({ source: 'focus', format: 'focus' });
    expect(only(line)).toMatchObject({
      isBill: true,
      provider: 'azure',
      modelRaw: 'gpt-4o-2024-08-06',
      inputUncached: 0,
      output: 1_250_000,
      team: 'support',
      project: 'Production',
      costReportedNanoUsd: 12_500_000_000n,
      tags: { sku: 'sku-1', list_cost: '15', extra: { stage: 'live' } },
    });
  });

  it.each([
    ['gpt-4o Input Tokens', '1000 Tokens', { inputUncached: 2_000, output: 0 }],
    ['gpt-4o cached Input Tokens', '1K Tokens', { inputUncached: 0, cacheRead: 2_000 }],
    ['Claude cache write', '1M tokens', { cacheWrite5m: 2_000_000 }],
    ['gpt-4o outp glbl', 'Tokens', { output: 2 }],
    ['Provisioned throughput', 'Hours', { inputUncached: 0, output: 0 }],
  ])('meter %j in %j', (meter, unit, tokens) => {
    const priced = {
      ...line,
      SkuMeter: meter,
      ConsumedQuantity: '',
      ConsumedUnit: '',
      PricingQuantity: '2',
      PricingUnit: unit,
    };
    expect(only(priced)).toMatchObject(tokens);
  });

  it('tells a correction from the line that it corrects, and a line without a class from none', () => {
    const correction = only({ ...line, ChargeClass: 'Correction', BilledCost: '-2.5' });
    expect(correction).toMatchObject({ costReportedNanoUsd: -2_500_000_000n });
    expect(correction.identity).not.toBe(only(line).identity);
    expect(only({ ...line, ChargeClass: '' }).identity).toBe(only(line).identity);
  });

  it('rejects other services and currencies', () => {
    expect(() => read({ ...line, ServiceCategory: 'Compute' })).toThrow('the service category is Compute');
    expect(() => read({ ...line, BillingCurrency: 'EUR' })).toThrow('only USD');
  });
});
