import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestDatabase, openDatabase, type OpenDatabase, type TestDatabase } from '../support/database.js';
import { importRows, someone, ToolBox, type PlainRow } from './cost-tools-setup.js';

const USD = 1_000_000_000n;

describe('savings together', () => {
  let test: TestDatabase;
  let open: OpenDatabase;

  beforeAll(async () => {
    test = await createTestDatabase();
    open = await openDatabase(test.url);
  });

  afterAll(async () => {
    await open.close();
    await test.drop();
  });

  const toolsWith = async (rows: readonly PlainRow[]): Promise<ToolBox> => {
    const user = await someone(open.database);
    await importRows(open.database, user, { rows });
    return new ToolBox(open.database, user);
  };

  /** Nightly work on gpt-4o; one call in ten failed. */
  const nights = (days: number): PlainRow[] =>
    Array.from({ length: days * 10 }, (_, at) => ({
      at: new Date(Date.UTC(2025, 2, 1 + Math.floor(at / 10), 2, at % 10)).toISOString(),
      model: 'gpt-4o',
      feature: 'nightly',
      input: 100_000,
      output: 0,
      computed: 10n * USD,
      status: at % 10 === 0 ? 'error' : 'ok',
    }));

  it('are taken from what the ones before left: retries, then a cheaper model, then batches', async () => {
    const report = await (await toolsWith(nights(20))).report('combine_savings');
    expect(report.rows.map(({ kind }) => kind)).toEqual(['retry', 'substitution', 'batch']);
    const [retry, move, batch] = report.rows;
    const value = (row: typeof retry, key: string): number =>
      Number(report.facts.find(({ id }) => id === row?.[key])?.value);
    expect(value(retry, 'gross_high_fact')).toBe(200);
    // Four fifths move; a tenth of it is gone already.
    expect(value(move, 'net_high_fact')).toBeCloseTo(0.9 * value(move, 'gross_high_fact'), 6);
    const left = 2000 - 200 - value(move, 'net_high_fact');
    expect(value(batch, 'gross_high_fact')).toBe(1000);
    // Beside the larger saving of the cheaper model, less is left for batches than beside the smaller one.
    expect(value(batch, 'net_low_fact')).toBeCloseTo(left / 2, 6);
    expect(value(batch, 'net_at_low_fact')).toBeGreaterThan(value(batch, 'net_low_fact') + 1);
    const sum = (key: string): number => report.rows.reduce((total, row) => total + value(row, key), 0);
    expect(Number(report.value('gross_high'))).toBeCloseTo(sum('gross_high_fact'), 6);
    expect(sum('net_at_low_fact')).toBeCloseTo(Number(report.value('net_low')), 8);
    expect(sum('net_low_fact')).toBeLessThan(Number(report.value('net_low')) - 1);
    expect(Number(report.value('net_high'))).toBeLessThan(2000);
    expect(Number(report.value('gross_high')) - Number(report.value('net_high'))).toBeCloseTo(
      Number(report.value('overlap_high')),
      6,
    );
    expect(Number(report.value('net_year_high'))).toBeCloseTo((Number(report.value('net_high')) * 365) / 20, 6);
  });

  it('are counted a month on the days that usage covers, not on the years between two sources', async () => {
    const old: PlainRow = { at: '2023-01-01T12:00:00Z', model: 'gpt-4o', feature: 'old', computed: 1n };
    const bucket: PlainRow = { ...old, at: '2024-01-01T00:00:00Z', end: '2024-01-03T00:00:00Z', bucketRequests: 1 };
    const report = await (await toolsWith([...nights(20), old, bucket])).report('combine_savings');
    expect(report.value('days')).toBe('23');
    expect(Number(report.value('net_month_high'))).toBeCloseTo((Number(report.value('net_high')) * 30) / 23, 6);
    expect(Number(report.value('net_year_high'))).toBeCloseTo((Number(report.value('net_high')) * 365) / 23, 6);
  });

  it('are not hidden by the years between two sources', async () => {
    const failed: PlainRow = {
      at: '2025-03-01T12:00:00Z',
      model: 'gpt-5-nano',
      feature: 'chat',
      computed: 2n * USD,
      status: 'error',
    };
    const report = await (
      await toolsWith([failed, { ...failed, at: '2020-03-01T12:00:00Z', status: 'ok' }])
    ).report('combine_savings');
    expect(report.rows.map(({ kind }) => kind)).toEqual(['retry']);
  });

  it('say of a move where nobody knows whether the inputs fit into the other model', async () => {
    const caveats = async (bucketRequests: number | null) => {
      const rows = nights(14).map((row): PlainRow => ({ ...row, bucketRequests, status: 'ok', feature: null }));
      const report = await (await toolsWith(rows)).report('combine_savings');
      return report.rows.find(({ kind }) => kind === 'substitution')?.caveats;
    };
    expect(await caveats(1)).toEqual([]);
    expect(await caveats(null)).toEqual(['Whether the longest inputs fit into its context window is not known.']);
  });

  it('are not carried forward to a year from under fourteen days', async () => {
    const report = await (await toolsWith(nights(13))).report('combine_savings');
    expect(report.value('net_high')).toBeDefined();
    expect(report.value('net_year_high')).toBeUndefined();
    expect(report.caveats.join(' ')).toContain('fewer than fourteen days');
  });

  it('leave out what is under a dollar a month or half a percent of spend', async () => {
    const failed = (usd: bigint): PlainRow => ({
      at: '2025-03-01T12:00:00Z',
      model: 'gpt-5-nano',
      provider: 'openai',
      feature: 'chat',
      computed: usd * USD,
      status: 'error',
    });
    const rest: PlainRow = { ...failed(995n), status: 'ok', bucketRequests: 1 };
    const kinds = async (rows: PlainRow[]) =>
      (await (await toolsWith(rows)).report('combine_savings')).rows.map(({ kind }) => kind);
    expect(await kinds([failed(5n), rest])).toEqual(['retry']);
    expect(await kinds([failed(4n), rest])).toEqual([]);
  });

  it('of nothing are nothing', async () => {
    const report = await (await toolsWith([])).report('combine_savings');
    expect(report.rows).toEqual([]);
    expect(report.coverage.ratio).toBeNull();
  });
});
