import { describe, expect, it } from '@jest/globals';
import { PriceBook } from '../prices/price-book.js';
import type { UsageDraft } from './importers/importer.js';
import { Occurrences } from './occurrences.js';
import { Pseudonyms } from './pseudonyms.js';
import { RejectedRow } from './rejected-row.js';
import { UsageRows } from './usage-rows.js';

const NOW = new Date('2026-06-01T00:00:00Z');
const draft: UsageDraft = {
  identity: 'row 1',
  rowKind: 'request',
  tsStart: new Date('2026-01-02T00:00:00Z'),
  inputUncached: 600,
  cacheRead: 400,
  output: 100,
  status: 'ok',
  user: 'ann@example.com',
  apiKey: 'sk-1',
  prompt: 'What is the plan?',
};

const rowsOf = (tenant: string, settings: { priceAs?: string; tags?: Record<string, string> } = {}) =>
  new UsageRows({
    prices: new PriceBook(),
    pseudonyms: new Pseudonyms(tenant),
    now: NOW,
    priceAs: settings.priceAs,
    tags: settings.tags ?? {},
  });

describe('UsageRows', () => {
  it('prices a row as its own model, else as the one given, else not at all', () => {
    expect(rowsOf('a', { priceAs: 'gpt-4o' }).make({ ...draft, modelRaw: 'azure/gpt-4o-mini' })).toMatchObject({
      provider: 'azure',
      modelId: 'gpt-4o-mini',
      costComputed: 180_000n,
      priceStatus: 'priced',
    });
    expect(rowsOf('a', { priceAs: 'gpt-4o' }).make(draft)).toMatchObject({
      modelRaw: undefined,
      modelId: 'gpt-4o',
      provider: 'openai',
      costComputed: 3_000_000n,
    });
    expect(rowsOf('a').make(draft)).toMatchObject({
      modelId: undefined,
      costComputed: undefined,
      priceStatus: 'unpriced',
    });
  });

  it('adds up the input', () => {
    expect(rowsOf('a').make({ ...draft, cacheWrite5m: 7, cacheWrite1h: 3 })).toMatchObject({
      tokens: { inputTotal: 1010, inputUncached: 600, cacheRead: 400 },
      requests: 1,
    });
  });

  it('hashes people, keys and prompts, differently for each tenant', () => {
    const [one, same, other] = [rowsOf('a').make(draft), rowsOf('a').make(draft), rowsOf('b').make(draft)];
    expect(one.hashes.user).toBe(same.hashes.user);
    expect(one.hashes.user).not.toBe(other.hashes.user);
    expect(one.hashes.prompt).not.toBe(other.hashes.prompt);
    expect(
      JSON.stringify(one, (_key, value: unknown) => (typeof value === 'bigint' ? String(value) : value)),
    ).not.toMatch(/ann@|sk-1|plan/);
  });

  it('gives equal rows of one file ids of their own, and the same ids the next time', () => {
    const ids = () => {
      const rows = rowsOf('a');
      return [rows.make(draft), rows.make(draft), rows.make({ ...draft, identity: 'row 2' })].map(
        (row) => row.sourceRowId,
      );
    };
    expect(new Set(ids()).size).toBe(3);
    expect(ids()).toEqual(ids());
    expect(rowsOf('a').make({ ...draft, id: 'own' }).sourceRowId).toBe('own');
    expect(rowsOf('a').make({ ...draft, id: 'x'.repeat(200) }).sourceRowId).toHaveLength(21);
  });

  it.each(['1900-01-01', '2014-12-31', '2026-06-03', '2900-01-01'])('rejects a row of %s', (day) => {
    expect(() => rowsOf('a').make({ ...draft, tsStart: new Date(day) })).toThrow('not between 2015 and now');
  });

  it('rejects a row that ends before it starts', () => {
    expect(() => rowsOf('a').make({ ...draft, tsEnd: new Date('2026-01-01') })).toThrow('ends before it starts');
  });

  it('rejects times and costs that no column can hold, and takes the largest that one can', () => {
    const rows = rowsOf('a', { priceAs: 'gpt-4o' });
    for (const wrong of [
      { latencyMs: 2 ** 31 },
      { ttftMs: 2 ** 31 },
      { costReportedNanoUsd: 2n ** 63n },
      { costReportedNanoUsd: -(2n ** 63n) - 1n },
      { output: Number.MAX_SAFE_INTEGER },
    ])
      expect(() => rows.make({ ...draft, ...wrong })).toThrow(RejectedRow);
    const largest = { latencyMs: 2 ** 31 - 1, ttftMs: 2 ** 31 - 1 };
    expect(rows.make({ ...draft, ...largest, costReportedNanoUsd: 2n ** 63n - 1n })).toMatchObject(largest);
  });

  it('fills in dimensions and tags that a row does not have', () => {
    const rows = rowsOf('a', { tags: { team: 'x', feature: 'f', region: 'eu' } });
    expect(rows.make({ ...draft, team: 'own', tags: { extra: { a: 'b\u0000c' } } })).toMatchObject({
      team: 'own',
      feature: 'f',
      tags: '{"region":"eu","extra":{"a":"bc"}}',
    });
  });

  it('charges nothing for what a gateway answered from its cache', () => {
    expect(rowsOf('a', { priceAs: 'gpt-4o' }).make({ ...draft, status: 'cached' })).toMatchObject({
      costComputed: 0n,
      priceStatus: 'priced',
    });
  });
});

describe('Occurrences', () => {
  it('counts equal identities in bounded memory', () => {
    const occurrences = new Occurrences(3);
    expect(['a', 'a', 'b', 'a'].map((identity) => occurrences.next(identity))).toEqual([0, 1, 0, 2]);
    // Two more fill the first generation, which is still known; three more after that push it out.
    expect(['c', 'd', 'a', 'e', 'f', 'g', 'h', 'a'].map((identity) => occurrences.next(identity))).toEqual([
      0, 0, 3, 0, 0, 0, 0, 0,
    ]);
  });
});
