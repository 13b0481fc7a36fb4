import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { BATCH_ROWS } from '../../src/cost-analysis/usage/import-run.js';
import type { UserScope } from '../../src/persistence/sql.js';
import { someone, ToolBox } from './cost-tools-setup.js';
import { usageFixture, type UsageFixture } from './usage-fixture.js';

const START_S = Date.UTC(2026, 0, 2, 10) / 1_000;
const NANO = 1_000_000_000n;

const openaiHour = (inputTokens: number, requests: number): string =>
  JSON.stringify({
    object: 'page',
    data: [
      {
        start_time: START_S,
        end_time: START_S + 3_600,
        results: [
          {
            object: 'organization.usage.completions.result',
            input_tokens: inputTokens,
            output_tokens: 0,
            num_model_requests: requests,
            model: 'gpt-4o',
          },
        ],
      },
    ],
  });

const anthropicDay = (uncached: number, output: number): string =>
  JSON.stringify({
    data: [
      {
        starting_at: '2026-01-02T00:00:00Z',
        ending_at: '2026-01-03T00:00:00Z',
        results: [
          {
            uncached_input_tokens: uncached,
            cache_creation: { ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: 0 },
            cache_read_input_tokens: 0,
            output_tokens: output,
            model: 'claude-sonnet-4-5',
          },
        ],
      },
    ],
  });

const openaiBill = (...amounts: readonly string[]): string => openaiBills(amounts);

/** Each list of amounts as a record of its own, of the same day. */
const openaiBills = (...records: readonly (readonly string[])[]): string =>
  JSON.stringify({
    object: 'page',
    data: records.map((amounts) => ({
      start_time: START_S,
      end_time: START_S + 86_400,
      results: amounts.map((value, at) => ({ amount: { value, currency: 'usd' }, line_item: `item ${at}, input` })),
    })),
  });

const anthropicBill = (cents: string): string =>
  JSON.stringify({
    data: [
      {
        starting_at: '2026-01-02T00:00:00Z',
        ending_at: '2026-01-03T00:00:00Z',
        results: [{ amount: cents, currency: 'USD', cost_type: 'tokens', model: 'claude-sonnet-4-5' }],
      },
    ],
  });

const litellmDay = (promptTokens: number, spend: string): string =>
  `date,model,api_key,prompt_tokens,completion_tokens,spend,api_requests
2026-01-02,gpt-4o,key,${promptTokens},0,${spend},1
`;

describe('a bucket that was exported before it was over', () => {
  let fixture: UsageFixture;
  beforeAll(async () => {
    fixture = await usageFixture();
  });
  afterAll(() => fixture.close());

  const stored = ({ tenantId }: UserScope) =>
    fixture.database.rows<{ tokens: number; requests: number | null; reported: string | null; cost: string | null }>(
      `SELECT input_total + output_total AS tokens, requests, cost_reported::text AS reported, cost_computed::text AS cost
       FROM usage_event WHERE tenant_id = $1 ORDER BY cost_reported, tokens`,
      [tenantId],
    );

  const [EARLY, LATE] = [openaiHour(1_000_000, 10), openaiHour(4_000_000, 40)];

  it('is as large as the larger export says, whichever comes first, and priced again', async () => {
    for (const files of [
      [EARLY, LATE, EARLY, LATE],
      [LATE, EARLY],
    ]) {
      const scope = await fixture.tenant();
      for (const file of files) await fixture.send(scope, file);
      expect(await stored(scope)).toEqual([
        { tokens: 4_000_000, requests: 40, reported: null, cost: (10n * NANO).toString() },
      ]);
    }
  });

  it('counts as priced again where it grew, and as a duplicate where it did not', async () => {
    const scope = await fixture.tenant();
    expect(await fixture.send(scope, EARLY)).toMatchObject({ accepted: 1, duplicates: 0, repriced: 0 });
    expect(await fixture.send(scope, LATE)).toMatchObject({
      accepted: 0,
      duplicates: 0,
      repriced: 1,
      costComputedNanoUsd: 10n * NANO,
    });
    for (const file of [EARLY, LATE])
      expect(await fixture.send(scope, file)).toMatchObject({ accepted: 0, duplicates: 1, repriced: 0 });
  });

  it('grows in every source that has buckets: Anthropic, LiteLLM, and bills', async () => {
    const scope = await fixture.tenant();
    const exports = [
      [anthropicDay(1_000_000, 0), anthropicDay(1_000_000, 200_000)],
      [litellmDay(1_000_000, '2.5'), litellmDay(2_000_000, '5')],
      [openaiBill('1.50', '-0.25'), openaiBill('3.75', '-0.50')],
      [anthropicBill('150'), anthropicBill('410.5')],
    ];
    for (const files of exports) for (const file of files) await fixture.send(scope, file);
    expect(await stored(scope)).toEqual([
      { tokens: 0, requests: null, reported: '-500000000', cost: null },
      { tokens: 0, requests: null, reported: '3750000000', cost: null },
      { tokens: 0, requests: null, reported: '4105000000', cost: null },
      { tokens: 2_000_000, requests: 1, reported: '5000000000', cost: '5000000000' },
      { tokens: 1_200_000, requests: null, reported: null, cost: '6000000000' },
    ]);
  });

  it('stays what an earlier import said of it, where the later one says nothing', async () => {
    const scope = await fixture.tenant();
    await fixture.send(scope, EARLY, { tags: { team: 'support', region: 'eu' } });
    await fixture.send(scope, LATE);
    const [row] = await fixture.database.rows(
      'SELECT team, input_total AS tokens, tags FROM usage_event WHERE tenant_id = $1',
      [scope.tenantId],
    );
    expect(row).toMatchObject({ team: 'support', tokens: 4_000_000 });
    await fixture.send(scope, openaiHour(5_000_000, 50), { tags: { team: 'search' } });
    expect(await fixture.database.row('SELECT team FROM usage_event WHERE tenant_id = $1', [scope.tenantId])).toEqual({
      team: 'search',
    });
  });

  it('is one bucket when many imports of it run at the same time', async () => {
    const scope = await fixture.tenant();
    const sizes = [3, 7, 1, 9, 5, 8, 2, 6];
    await Promise.all(sizes.map((size) => fixture.send(scope, openaiHour(size * 1_000_000, size))));
    expect(await stored(scope)).toMatchObject([{ tokens: 9_000_000, requests: 9 }]);
  });

  it('keeps its size where the source has several with one identity, in whatever order they come', async () => {
    const scope = await fixture.tenant();
    const bill = (...amounts: readonly string[]) =>
      JSON.stringify({
        object: 'page',
        data: [
          {
            start_time: START_S,
            end_time: START_S + 86_400,
            results: amounts.map((value) => ({ amount: { value, currency: 'usd' }, line_item: 'item, input' })),
          },
        ],
      });
    for (const file of [bill('1'), bill('10', '2'), bill('2', '10'), bill('10', '2'), bill('10')])
      await fixture.send(scope, file);
    expect(await stored(scope)).toMatchObject([{ reported: '2000000000' }, { reported: '10000000000' }]);
  });

  const restated = ({ tenantId }: UserScope) =>
    fixture.database.rows<{ reported: string; restated: string }>(
      `SELECT cost_reported::text AS reported, cost_restated::text AS restated FROM usage_event
       WHERE tenant_id = $1 AND cost_restated IS NOT NULL ORDER BY cost_reported`,
      [tenantId],
    );

  it('that another import says less of keeps the larger amount, and what was said beside it', async () => {
    const scope = await someone(fixture.database);
    await fixture.send(scope, openaiBill('9', '5', '1'));
    expect(await fixture.send(scope, openaiBill('7', '5', '1.5'))).toMatchObject({
      accepted: 0,
      repriced: 1,
      duplicates: 2,
      differing: 1,
    });
    expect(await restated(scope)).toEqual([{ reported: '9000000000', restated: '7000000000' }]);
    const report = await new ToolBox(fixture.database, scope).report('data_quality', {});
    expect([report.value('restated_rows'), report.value('restated_difference')]).toEqual(['1', '2.000000000']);
    expect(report.caveats).toHaveLength(1);
    const later = await new ToolBox(fixture.database, scope).report('data_quality', { from: '2026-02-01' });
    expect(later.caveats).toEqual([]);
  });

  it('is settled again when both agree, when it grows, and when the later file supersedes it', async () => {
    const scope = await fixture.tenant();
    for (const settles of [
      { file: openaiBill('9'), request: {}, reported: '9000000000' },
      { file: openaiBill('10'), request: {}, reported: '10000000000' },
      { file: openaiBill('7'), request: { supersedes: true }, reported: '7000000000' },
    ]) {
      await fixture.send(scope, openaiBill('9'));
      expect(await fixture.send(scope, openaiBill('6'))).toMatchObject({ duplicates: 1, differing: 1 });
      expect(await restated(scope)).toHaveLength(1);
      await fixture.send(scope, settles.file, settles.request);
      expect(await restated(scope)).toEqual([]);
      expect(await stored(scope)).toMatchObject([{ reported: settles.reported }]);
    }
  });

  it('is what the later file says when that supersedes, priced again', async () => {
    const scope = await fixture.tenant();
    await fixture.send(scope, LATE);
    expect(await fixture.send(scope, EARLY, { supersedes: true })).toMatchObject({
      repriced: 1,
      duplicates: 0,
      differing: 0,
      costComputedNanoUsd: 2_500_000_000n,
    });
    expect(await stored(scope)).toEqual([{ tokens: 1_000_000, requests: 10, reported: null, cost: '2500000000' }]);
    expect(await fixture.send(scope, EARLY, { supersedes: true })).toMatchObject({ repriced: 0, duplicates: 1 });
  });

  it.each([
    { what: 'the tokens on the other side', file: anthropicDay(100, 50), later: anthropicDay(50, 100) },
    { what: 'a credit in the place of a cost', file: openaiBill('10'), later: openaiBill('-10') },
  ])('is what the later file says also where that is as large: $what', async ({ file, later }) => {
    const scope = await fixture.tenant();
    await fixture.send(scope, file);
    const before = await stored(scope);
    expect(await fixture.send(scope, later)).toMatchObject({ repriced: 0, differing: 1 });
    expect(await fixture.send(scope, later, { supersedes: true })).toMatchObject({ repriced: 1, differing: 0 });
    expect(await stored(scope)).not.toEqual(before);
    expect(await fixture.send(scope, later, { supersedes: true })).toMatchObject({ repriced: 0, duplicates: 1 });
  });

  it('differs where several share an identity only if they come to another sum', async () => {
    const scope = await fixture.tenant();
    const bill = (...amounts: readonly string[]) => openaiBill(...amounts).replace(/item \d/g, 'item');
    await fixture.send(scope, bill('10', '2'));
    expect(await fixture.send(scope, bill('2', '10'))).toMatchObject({ duplicates: 2, differing: 0 });
    expect(await restated(scope)).toEqual([]);
    expect(await fixture.send(scope, bill('2', '9'))).toMatchObject({ duplicates: 2, differing: 2 });
    const total = (await restated(scope)).reduce((sum, one) => sum + BigInt(one.reported) - BigInt(one.restated), 0n);
    expect(total).toBe(NANO);
    await fixture.send(scope, bill('2', '9'), { supersedes: true });
    expect(await stored(scope)).toMatchObject([{ reported: '2000000000' }, { reported: '9000000000' }]);
  });

  it('is not said to differ where those that share an identity only change places, however far apart', async () => {
    const scope = await someone(fixture.database);
    // The first of each record share an identity; they are read in batches.
    const between = Array.from({ length: BATCH_ROWS }, () => '1');
    const bill = (first: string, last: string) => openaiBills([first], between, [last]);
    await fixture.send(scope, bill('10', '2'));
    await fixture.send(scope, bill('2', '10'));
    expect(await restated(scope)).toHaveLength(3);
    const { caveats } = await new ToolBox(fixture.database, scope).report('data_quality', {});
    expect(caveats).toEqual([]);
    await fixture.send(scope, bill('2', '9'));
    const report = await new ToolBox(fixture.database, scope).report('data_quality', {});
    expect(report.value('restated_difference')).toBe('1.000000000');
  });

  it('is of its own tenant: what another one imports settles and changes nothing', async () => {
    const [scope, other] = [await fixture.tenant(), await fixture.tenant()];
    await fixture.send(scope, openaiBill('9'));
    await fixture.send(other, openaiBill('6'), { supersedes: true });
    await fixture.send(other, openaiBill('5'));
    expect(await restated(scope)).toEqual([]);
    expect(await stored(scope)).toMatchObject([{ reported: '9000000000' }]);
  });

  it('leaves single requests as they were', async () => {
    const scope = await fixture.tenant();
    const table = (tokens: number) =>
      `request_id,timestamp,model,input_tokens,output_tokens\n0123456789abcdef,2026-01-02,gpt-4o,${tokens},0\n`;
    await fixture.send(scope, table(10));
    expect(await fixture.send(scope, table(20))).toMatchObject({ accepted: 0, duplicates: 1 });
    expect(await stored(scope)).toMatchObject([{ tokens: 10 }]);
  });
});
