import { describe, expect, it } from '@jest/globals';
import { RejectedRow } from '../rejected-row.js';
import { only, read } from './import-reading.fixture.js';
import { importerFor } from './importers.js';

const reasons = (rows: readonly unknown[]) => rows.map((row) => (row instanceof RejectedRow ? row.reason : 'row'));

describe('openai-costs', () => {
  const result = {
    object: 'organization.costs.result',
    amount: { value: '0.1280912', currency: 'usd' },
    line_item: 'gpt-4o-2024-08-06, input',
    project_id: 'proj_1',
    api_key_id: 'key_1',
    quantity: 51_236.48,
    quantity_unit: 'tokens',
  };
  const bucket = { object: 'bucket', start_time: 1_767_312_000, end_time: 1_767_398_400, results: [result] };

  it('makes a line of a bill of each result, with no tokens and no price of ours', () => {
    expect(read(bucket, 'json')).toMatchObject({ source: 'openai-costs', format: 'openai-costs' });
    expect(only(bucket, 'json')).toMatchObject({
      isBill: true,
      rowKind: 'bucket',
      provider: 'openai',
      modelRaw: 'gpt-4o-2024-08-06',
      inputUncached: 0,
      output: 0,
      project: 'proj_1',
      costReportedNanoUsd: 128_091_200n,
      tags: { line_item: 'gpt-4o-2024-08-06, input', extra: { quantity: '51236.48', quantity_unit: 'tokens' } },
    });
  });

  it('takes an amount as a number, a credit, and an item that is no model', () => {
    const [number, credit] = read(
      {
        ...bucket,
        results: [
          { ...result, amount: { value: 0.06, currency: 'usd' }, line_item: 'web search tool calls' },
          { ...result, amount: { value: -5, currency: 'USD' } },
        ],
      },
      'json',
    ).rows;
    expect(number).toMatchObject({ costReportedNanoUsd: 60_000_000n, modelRaw: undefined });
    expect(credit).toMatchObject({ costReportedNanoUsd: -5_000_000_000n });
  });

  it('refuses other currencies and what is no amount', () => {
    const amounts = [{ value: 1, currency: 'eur' }, { value: 'x', currency: 'usd' }, 3];
    expect(
      reasons(read({ ...bucket, results: amounts.map((amount) => ({ ...result, amount })) }, 'json').rows),
    ).toEqual([
      'the cost is in EUR; only USD is understood',
      'the amount is not a number: text',
      'the result has no amount',
    ]);
  });

  it('is told from the usage API by the first result there is, also behind empty buckets', () => {
    const empty = { ...bucket, results: [] };
    const some = [empty, bucket].map((fields) => ({
      line: 1,
      names: Object.keys(fields),
      values: Object.values(fields),
    }));
    const [first = { line: 1, names: [], values: [] }] = some;
    expect(importerFor('auto', { kind: 'json', first, some }).source).toBe('openai-costs');
    expect(importerFor('auto', { kind: 'json', first, some: [first] }).source).toBe('openai-usage');
    expect(importerFor('openai-costs', { kind: 'json', first, some: [first] }).source).toBe('openai-costs');
  });

  it('reads the cost export of the dashboard, and passes over days without cost', () => {
    const row = {
      start_time: '1767312000',
      end_time: '1767398400',
      start_time_iso: '2026-01-02T00:00:00+00:00',
      end_time_iso: '2026-01-03T00:00:00+00:00',
      amount_value: '1.25',
      amount_currency: 'usd',
      quantity: '3.0',
      quantity_unit: 'requests',
      line_item: 'gpt-4o-mini-2024-07-18, output',
      user_id: '',
      api_key_id: '',
      project_id: 'proj_1',
      organization_id: 'org',
      project_name: 'Chat',
      organization_name: 'Acme',
      user_email: 'ann@example.com',
    };
    expect(read(row).source).toBe('openai-costs');
    expect(only(row)).toMatchObject({
      isBill: true,
      modelRaw: 'gpt-4o-mini-2024-07-18',
      user: 'ann@example.com',
      costReportedNanoUsd: 1_250_000_000n,
    });
    expect(only(row).tags).toMatchObject({ extra: { organization_id: 'org' } });
    expect(only({ ...row, organization_id: 'other' }).identity).not.toBe(only(row).identity);
    expect(JSON.stringify(only(row).tags)).not.toContain('ann@');
    expect(read({ ...row, amount_value: '', amount_currency: '', line_item: '' }).rows).toEqual([]);
  });
});

describe('openai-usage from the dashboard', () => {
  const row = {
    start_time: '1767312000',
    end_time: '1767398400',
    start_time_iso: '2026-01-02T00:00:00',
    end_time_iso: '2026-01-03T00:00:00',
    model: 'gpt-4o-2024-08-06',
    project_id: 'proj_1',
    num_model_requests: '3.0',
    input_tokens: '1000.0',
    output_tokens: '50.0',
    input_cached_tokens: '300.0',
    input_uncached_tokens: '700.0',
    input_text_tokens: '1000.0',
    batch: 'True',
    service_tier: 'flex',
  };

  it('reads counts written as 3.0, cached tokens as a part of the input, and breakdowns as no part of it', () => {
    expect(read(row)).toMatchObject({ source: 'openai-usage', format: 'openai-usage' });
    expect(only(row)).toMatchObject({
      requests: 3,
      inputUncached: 700,
      cacheRead: 300,
      output: 50,
      isBatch: true,
      serviceTier: 'flex',
      project: 'proj_1',
    });
  });

  it('passes over empty buckets', () => {
    const empty = Object.fromEntries(
      Object.entries(row).map(([name, value]) => [name, name.includes('time') ? value : '']),
    );
    expect(read(empty).rows).toEqual([]);
  });

  it('is the same bucket as the one of the API', () => {
    const { start_time: start, end_time: end, ...fields } = row;
    const result = {
      ...fields,
      object: 'organization.usage.completions.result',
      num_model_requests: 4,
      input_tokens: 1200,
      output_tokens: 60,
      input_cached_tokens: 300,
      batch: true,
    };
    const api = only(
      { start_time: Number(start), end_time: Number(end), results: [{ ...result, batch: 'True' }] },
      'json',
    );
    expect(api.identity).toBe(only(row).identity);
  });

  it('reads the legacy activity', () => {
    const legacy = {
      n_requests: '2',
      operation: 'completion',
      n_context_tokens_total: '500',
      n_generated_tokens_total: '20',
      usage_type: 'text',
      model: 'gpt-4-0613',
      timestamp: '1700000000',
      user: 'ann',
    };
    expect(read(legacy).source).toBe('openai-activity');
    expect(only(legacy)).toMatchObject({
      rowKind: 'bucket',
      requests: 2,
      inputUncached: 500,
      output: 20,
      operation: 'completion',
      user: 'ann',
      tags: { usage_type: 'text' },
    });
    const cached = (tokens: string) => only({ ...legacy, n_cached_context_tokens_total: tokens });
    expect(cached('500')).toMatchObject({ inputUncached: 0, cacheRead: 500 });
    expect(() => cached('501')).toThrow('more cached than input tokens');
  });
});
