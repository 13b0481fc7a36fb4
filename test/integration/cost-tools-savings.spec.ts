import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestDatabase, openDatabase, type OpenDatabase, type TestDatabase } from '../support/database.js';
import { importRows, someone, ToolBox, type PlainRow } from './cost-tools-setup.js';

const USD = 1_000_000_000n;
const trace = resolve('..', 'shared', 'data', 'mooncake_conversation_trace.head6000.jsonl');
const itWithTrace = existsSync(trace) ? it : it['skip'];

interface MooncakeCall {
  readonly timestamp: number;
  readonly input_length: number;
  readonly output_length: number;
  readonly hash_ids: readonly number[];
}

const mooncakeRows = (): PlainRow[] =>
  readFileSync(trace, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as MooncakeCall)
    .map((call) => ({
      at: new Date(Date.UTC(2025, 9, 1) + call.timestamp).toISOString(),
      model: 'claude-sonnet-4-5',
      provider: 'anthropic',
      input: call.input_length,
      output: call.output_length,
      prefix: `block ${call.hash_ids[0] ?? ''}`,
      tags: { block_tokens: 512, prefix_blocks: [...call.hash_ids] },
    }));

describe('the tools that find savings', () => {
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
    const [user, other] = [await someone(open.database), await someone(open.database)];
    await importRows(open.database, user, { rows });
    // The same usage of somebody else must change nothing.
    await importRows(open.database, other, { rows });
    return new ToolBox(open.database, user);
  };

  const call = (at: string, usd: bigint, changes: Partial<PlainRow> = {}): PlainRow => ({
    at: `2025-03-01T10:${at}Z`,
    model: 'gpt-4o',
    feature: 'chat',
    computed: usd * USD,
    ...changes,
  });

  it('retry waste is failed calls, and broken-off ones that were made again within a minute', async () => {
    const tools = await toolsWith([
      call('00:00', 5n, { status: 'error' }),
      call('01:00', 3n, { status: 'aborted', prompt: 'a' }),
      call('02:00', 10n, { prompt: 'a' }),
      call('05:00', 2n, { status: 'aborted', prompt: 'b' }),
      call('06:01', 20n, { prompt: 'b' }),
      call('07:00', 60n, { status: 'aborted' }),
    ]);
    const report = await tools.report('retry_waste');
    expect(report.value('waste')).toBe('8.000000000');
    expect(report.value('failed_calls')).toBe('1');
    expect(report.value('repeated_calls')).toBe('1');
    expect(report.value('waste_share')).toBe('8.000000');
    expect(report.value('coverage')).toBe('100.000000');
    expect([report.value('saving_low'), report.value('saving_high')]).toEqual(['4.000000000', '8.000000000']);
  });

  it('retry waste is found also where the call was refused, and cost nothing, before it came through', async () => {
    const tools = await toolsWith([
      call('00:00', 3n, { status: 'aborted', prompt: 'a' }),
      call('00:40', 0n, { status: 'error', prompt: 'a' }),
      call('01:30', 10n, { prompt: 'a' }),
      // Nobody knows what the next attempt cost, nor on which model it was.
      call('10:00', 4n, { status: 'aborted', prompt: 'b' }),
      call('10:30', 0n, { prompt: 'b', model: null, computed: null }),
    ]);
    const report = await tools.report('retry_waste');
    expect([report.value('waste'), report.value('repeated_calls')]).toEqual(['7.000000000', '2']);
    expect(report.value('failed_calls')).toBe('0');
  });

  it('duplicates are (n − 1) × mean cost within an hour, for each model; embeddings are certain', async () => {
    const tools = await toolsWith([
      call('00:00', 4n, { prompt: 'a' }),
      call('10:00', 5n, { prompt: 'a' }),
      call('20:00', 6n, { prompt: 'a' }),
      call('30:00', 9n, { prompt: 'a', model: 'gpt-4o-mini' }),
      { ...call('00:00', 7n, { prompt: 'a' }), at: '2025-03-01T12:00:00Z' },
      call('40:00', 2n, { prompt: 'e', operation: 'embeddings', feature: 'search' }),
      call('41:00', 2n, { prompt: 'e', operation: 'embeddings', feature: 'search' }),
      call('50:00', 30n, { prompt: 'f', status: 'error' }),
      call('50:01', 30n, { prompt: 'f' }),
    ]);
    const report = await tools.report('duplicate_requests');
    expect(report.value('saving_high')).toBe('12.000000000');
    expect(report.value('saving_low')).toBe('2.000000000');
    // Of $95, $65 were for answers to prompts that are named.
    expect([report.value('coverage'), report.coverage.ratio]).toEqual(['68.421053', '0.684211']);
    expect(report.value('repeated_calls')).toBe('3');
    expect(report.rows.map(({ feature, cost_usd }) => [feature, cost_usd])).toEqual([
      ['chat', '10.000000000'],
      ['search', '2.000000000'],
    ]);
  });

  it('oversized context is what lies above the percentiles of the feature', async () => {
    const rows = Array.from({ length: 100 }, (_, at) =>
      call(`${String(Math.floor(at / 60)).padStart(2, '0')}:${String(at % 60).padStart(2, '0')}`, 1n, {
        input: at < 94 ? 1_000 : at < 98 ? 2_000 : 1_002_000,
        output: 1,
      }),
    );
    const report = await (await toolsWith(rows)).report('oversized_context');
    expect(report.value('gpt-4o.chat.p95')).toBe('2000');
    // Two calls with a million tokens too many, at $2.50 a million.
    expect(report.value('saving_high')).toBe('5.000000000');
    expect(report.value('saving_low')).toBe('0.000000000');
  });

  it('batches need evidence: a tag, nights in a row, or a name; streamed work never', async () => {
    const nights = Array.from({ length: 6 }, (_, day): PlainRow => ({
      ...call('00:00', 10n, { feature: 'nightly', input: 1000 }),
      at: `2025-03-0${day + 1}T02:00:00Z`,
    }));
    const tools = await toolsWith([
      ...nights,
      call('00:00', 20n, { feature: 'tagged', stream: false, tags: { mode: 'batch' }, input: 1000 }),
      call('00:00', 40n, { feature: 'tagged off', stream: false, tags: { batch: 'false' }, input: 1000 }),
      call('00:00', 80n, { feature: 'streamed', stream: true, tags: { mode: 'batch' }, input: 1000 }),
      call('00:00', 160n, { feature: 'plain', input: 1000 }),
    ]);
    const report = await tools.report('batch_opportunity');
    expect(report.rows.map(({ feature, evidence }) => [feature, evidence])).toEqual([
      ['nightly', 'night'],
      ['tagged', 'tag'],
    ]);
    expect(report.value('eligible')).toBe('80.000000000');
    expect([report.value('saving_low'), report.value('saving_high')]).toEqual(['20.000000000', '40.000000000']);
    const named = await tools.report('batch_opportunity', { batch_features: ['plain'] });
    expect(named.value('saving_high')).toBe('120.000000000');
  });

  it.each([
    [undefined, 'office', 'Night is counted in UTC.'],
    ['Australia/Sydney', 'nightly', 'Night is counted in the time zone Australia/Sydney.'],
  ])('the night in which work can wait is that of the zone: %s', async (zone, feature, caveat) => {
    // Eleven o'clock in the morning and one at night in Sydney.
    const rows = ['office', 'nightly'].flatMap((name) =>
      Array.from({ length: 6 }, (_, day): PlainRow => ({
        ...call('00:00', 10n, { feature: name, input: 1000 }),
        at: `2025-03-0${day + 1}T${name === 'office' ? '00' : '14'}:00:00Z`,
      })),
    );
    const tools = await toolsWith(rows);
    const there = zone === undefined ? {} : { time_zone: zone };
    const report = await tools.report('batch_opportunity', there);
    expect(report.rows.map((row) => [row.feature, row.evidence])).toEqual([[feature, 'night']]);
    expect(report.caveats).toEqual(['Batches are answered within a day, not at once.', caveat]);
    const batch = (await tools.report('combine_savings', there)).rows.find(({ kind }) => kind === 'batch');
    expect(batch).toMatchObject({ features: [feature], caveats: [caveat] });
    const named = await tools.report('batch_opportunity', { ...there, batch_features: ['office', 'nightly'] });
    expect(named.caveats).toEqual(['Batches are answered within a day, not at once.']);
  });

  it('the night is from ten in the evening to six', async () => {
    const times = ['21:59:59', '22:00:00', '05:59:59', '06:00:00'];
    const rows = times.flatMap((time) =>
      Array.from({ length: 6 }, (_, day): PlainRow => ({
        ...call('00:00', 10n, { feature: time, input: 1000 }),
        at: `2025-03-0${day + 1}T${time}Z`,
      })),
    );
    for (const [zone, hours] of [
      ['UTC', 0],
      ['Etc/GMT+5', 5],
    ] as const) {
      const there = rows.map(({ at, ...row }) => ({
        ...row,
        at: new Date(Date.parse(at) + hours * 3_600_000).toISOString(),
      }));
      const report = await (await toolsWith(there)).report('batch_opportunity', { time_zone: zone });
      expect(report.rows.map(({ feature }) => feature)).toEqual(['05:59:59', '22:00:00']);
    }
  });

  it('a prefix that comes again in time is read from the cache, with free writes', async () => {
    const at = (minute: string, prefix: string, input: number): PlainRow => call(`${minute}:00`, 1n, { prefix, input });
    const tools = await toolsWith([
      at('00', 'a', 2_000_000),
      at('04', 'a', 3_000_000),
      at('10', 'a', 2_500_000),
      at('00', 'short', 500),
      at('01', 'short', 500),
    ]);
    const report = await tools.report('cache_opportunity');
    // One call within five minutes; the shared part is as long as the shortest. $2.50 against $1.25 a million.
    expect(report.value('gpt-4o.read_tokens')).toBe('2000000');
    expect(report.value('gpt-4o.written_tokens')).toBe('4000000');
    expect(report.value('gpt-4o.saving_high')).toBe('2.500000000');
    expect(report.value('gpt-4o.saving_low')).toBe('1.250000000');
    expect(report.rows).toMatchObject([{ model: 'gpt-4o', style: 'free writes' }]);
  });

  it.each([
    ['claude-sonnet-4-5', 'anthropic', '2560'],
    ['claude-haiku-4-5', 'anthropic', '0'],
    ['regional.anthropic.claude-haiku-4-5-20251001-v1:0', 'aws', '0'],
    ['gemini-2.5-flash', 'google', '2560'],
    ['gemini-3-flash-preview', 'google', '0'],
  ])('%s serves no prefix that is shorter than its provider keeps', async (model, provider, read) => {
    const prompt = (minute: string, blocks: number[]): PlainRow =>
      call(`${minute}:00`, 1n, {
        model,
        provider,
        input: 10_240,
        prefix: 'x',
        tags: { block_tokens: 512, prefix_blocks: blocks },
      });
    const own = (first: number) => Array.from({ length: 15 }, (_, at) => first + at);
    const tools = await toolsWith([
      prompt('00', [1, 2, 3, 4, 5, ...own(100)]),
      // Five blocks come again; one block is too little for any of them.
      prompt('01', [1, 2, 3, 4, 5, ...own(200)]),
      prompt('02', [1, ...own(300), ...own(400).slice(0, 4)]),
    ]);
    const report = await tools.report('cache_opportunity');
    const path = model.replace(':', '-');
    expect(report.value(`${path}.read_tokens`)).toBe(read);
    expect(Number(report.value(`${path}.written_tokens`))).toBe(3 * 10_240 - Number(read));
  });

  itWithTrace(
    'a real half hour of chat: caching everything for an hour loses money, choosing saves a fifth',
    async () => {
      const tools = await toolsWith(mooncakeRows());
      const report = await tools.report('cache_opportunity');
      const share = (path: string): number =>
        Number(report.value(`claude-sonnet-4-5.${path}`)) / ((76_643_649 * 3) / 1e6);
      // Computed from the trace by another program; prefixes under 1,024 tokens are neither written nor read.
      expect(share('everything')).toBeCloseTo(0.046701, 6);
      expect(share('everything_hour')).toBeCloseTo(-0.37096, 6);
      // Which of several calls of one moment writes what the next reads is a matter of a few tokens.
      expect(share('saving_high')).toBeCloseTo(0.1944, 3);
      expect(share('selected_hour')).toBeCloseTo(0.1298, 3);
      expect(report.value('claude-sonnet-4-5.read_tokens')).toBe('19641391');
      expect(report.value('claude-sonnet-4-5.written_tokens')).toBe('56391673');
      expect(report.rows).toMatchObject([{ style: 'paid writes' }]);
    },
  );
});
