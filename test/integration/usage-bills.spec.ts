import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { usdDecimal } from '../../src/cost-analysis/prices/money.js';
import { UNLISTED_PROVIDER } from '../../src/cost-analysis/prices/price-override.js';
import { BillSettlement } from '../../src/cost-analysis/usage/bill-settlement.js';
import { UsageImportStore } from '../../src/cost-analysis/usage/usage-import-store.js';
import { UsageSummary } from '../../src/cost-analysis/usage/usage-summary.js';
import { UserExecutionContext } from '../../src/context/user-execution-context.js';
import { AppError } from '../../src/errors/app-error.js';
import { Clock } from '../../src/telemetry/clock.js';
import { Ids } from '../../src/telemetry/ids.js';
import type { UserScope } from '../../src/persistence/sql.js';
import { PipelineRun } from './cost-tools-run.js';
import { someone, ToolBox } from './cost-tools-setup.js';
import { usageFixture, type UsageFixture } from './usage-fixture.js';

const DAY_S = 86_400;
const START_S = Date.UTC(2026, 0, 2) / 1_000;
const page = (result: object, { days = 1, fromDay = 0 } = {}) =>
  JSON.stringify({
    object: 'page',
    data: Array.from({ length: days }, (_, day) => ({
      start_time: START_S + (fromDay + day) * DAY_S,
      end_time: START_S + (fromDay + day + 1) * DAY_S,
      results: [result],
    })),
  });
/** A million input tokens of gpt-4o: $2.50. */
const USED = {
  object: 'organization.usage.completions.result',
  input_tokens: 1_000_000,
  output_tokens: 0,
  num_model_requests: 100,
  model: 'gpt-4o-2024-08-06',
};
const usage = page(USED);
/** Two days of $3 each, of which the first has usage. */
const bill = page({ amount: { value: '3.00', currency: 'usd' }, line_item: 'gpt-4o-2024-08-06, input' }, { days: 2 });
const focus = `BilledCost,BillingCurrency,ChargePeriodStart,ChargePeriodEnd,ProviderName,ServiceCategory,SkuMeter
3.00,USD,2026-01-02T00:00:00Z,2026-01-03T00:00:00Z,OpenAI,AI and Machine Learning,gpt-4o input
7.00,USD,2026-01-04T00:00:00Z,2026-01-05T00:00:00Z,OpenAI,AI and Machine Learning,gpt-4o input
`;

describe('bills beside usage', () => {
  let fixture: UsageFixture;
  beforeAll(async () => {
    fixture = await usageFixture();
  });
  afterAll(() => fixture.close());

  /** What counts, of computed and of reported cost, in USD. */
  async function spend({ tenantId }: UserScope) {
    const { total } = await new UsageSummary(fixture.database).summarise({
      tenantId,
      from: undefined,
      to: undefined,
      groupBy: [],
      grain: 'total',
    });
    return {
      rows: total.rows,
      computed: usdDecimal(total.costComputedNanoUsd ?? 0n),
      reported: usdDecimal(total.costReportedNanoUsd ?? 0n),
      unpriced: total.unpricedRows,
    };
  }

  it.each([
    ['usage first', [usage, bill]],
    ['bill first', [bill, usage]],
  ])('count once, on the days that have no usage: %s', async (_order, files) => {
    const scope = await fixture.tenant();
    for (const file of files)
      expect(await fixture.send(scope, file)).toMatchObject({ status: 'completed', rejected: 0 });
    expect(await spend(scope)).toEqual({ rows: 2, computed: '2.500000000', reported: '3.000000000', unpriced: 0 });
  });

  it('are the spend where there is nothing else, and no usage without a price', async () => {
    const scope = await fixture.tenant();
    expect(await fixture.send(scope, bill)).toMatchObject({ accepted: 2, costReportedNanoUsd: 6_000_000_000n });
    expect(await spend(scope)).toEqual({ rows: 2, computed: '0.000000000', reported: '6.000000000', unpriced: 0 });
    expect(await fixture.send(scope, bill)).toMatchObject({ accepted: 0, duplicates: 2 });
  });

  it('count again when the usage of their days turns out to be no good', async () => {
    const scope = await fixture.tenant();
    await fixture.send(scope, bill);
    const array = `[${'{"start_time":1767312000,"end_time":1767398400,"results":[{"input_tokens":5,"output_tokens":1,"model":"gpt-4o"}]},'.repeat(3)}`;
    await expect(fixture.send(scope, array)).rejects.toMatchObject({ code: 'validation_failed' });
    expect(await spend(scope)).toMatchObject({ rows: 2, reported: '6.000000000' });
  });

  it('stay spend beside usage that cost nothing, and that nobody knows the price of, until there is a price', async () => {
    const scope = await fixture.tenant();
    await fixture.send(scope, bill);
    const failed = { ...USED, model: 'gpt-4o-2024-08-06', input_tokens: 0 };
    const own = { ...USED, model: 'our-own-model' };
    for (const result of [failed, own])
      expect(await fixture.send(scope, page(result))).toMatchObject({ accepted: 1, rejected: 0 });
    expect(await spend(scope)).toMatchObject({ rows: 4, computed: '0.000000000', reported: '6.000000000' });
    await fixture.overrides.replace(scope, [
      {
        provider: UNLISTED_PROVIDER,
        modelId: 'our-own-model',
        validFrom: new Date('2025-01-01'),
        usdPerMillion: { input: '4' },
        discountPercent: undefined,
        note: undefined,
      },
    ]);
    expect(await fixture.costs.recompute(scope.tenantId, new AbortController().signal)).toBe(1);
    expect(await spend(scope)).toMatchObject({ rows: 3, computed: '4.000000000', reported: '3.000000000' });
  });

  it('of a provider itself go before a FOCUS export of the same days', async () => {
    const scope = await fixture.tenant();
    await fixture.send(scope, focus);
    expect(await spend(scope)).toMatchObject({ rows: 2, reported: '10.000000000' });
    await fixture.send(scope, bill);
    expect(await spend(scope)).toMatchObject({ rows: 3, reported: '13.000000000' });
  });

  it('stand first in a report, also when there is usage on all of their days', async () => {
    const asker = await someone(fixture.database);
    const line = { amount: { value: '10.00', currency: 'usd' }, line_item: 'gpt-4o-2024-08-06, input' };
    for (const file of [usage, page(line)]) await fixture.send(asker, file);
    const { response } = await new PipelineRun(fixture.database, asker).ask('Analyze my AI costs');
    expect(response).toContain(
      'openai billed $10.00, where usage on the same days comes to $2.50: a difference of $7.50, 300.0% of the usage',
    );
    expect(response).toContain('| openai | $10.00 | $2.50 | $7.50 |');
    expect(response).toContain('Bill of openai: $10.00');
    expect(response).not.toContain('no billed cost');
    const { caveats } = await new ToolBox(fixture.database, asker).report('reconcile_costs');
    expect(caveats.join()).not.toContain('no reported cost');
  });

  it('are said not to be split by team or feature, where a question is limited to one', async () => {
    const asker = await someone(fixture.database);
    for (const [file, tags] of [
      [usage, { team: 'support', feature: 'chat' }],
      [bill, {}],
    ] as const)
      await fixture.send(asker, file, { tags });
    const tools = new ToolBox(fixture.database, asker);
    const { rows, caveats } = await tools.report('reconcile_costs', { where: { team: 'support', feature: 'chat' } });
    expect(rows).toContainEqual({ kind: 'unsplit_bill', name: 'openai', by: 'team and feature' });
    expect(caveats.join()).toContain('not split');
    expect(caveats.join()).not.toContain('no reported cost');
    const limited = await new PipelineRun(fixture.database, asker).ask('What did we spend for team support?');
    expect(limited.response).toContain('the bill of openai is not split by team');
    expect(limited.response).not.toContain('no billed cost');
    const ofModel = await tools.report('reconcile_costs', { where: { model: 'gpt-4o' } });
    expect(ofModel.rows.map(({ kind }) => kind)).not.toContain('unsplit_bill');
    const whole = await tools.report('reconcile_costs');
    expect(whole.rows.map(({ kind }) => kind)).not.toContain('unsplit_bill');
  });

  it('of a provider itself go before a FOCUS line of their month, whatever else of the month comes', async () => {
    const scope = await fixture.tenant();
    const late = { amount: { value: '3.00', currency: 'usd' }, line_item: 'gpt-4o-2024-08-06, input' };
    const month = `${focus.split('\n')[0]}
40.00,USD,2026-01-01T00:00:00Z,2026-02-01T00:00:00Z,OpenAI,AI and Machine Learning,gpt-4o input
`;
    await fixture.send(scope, page(late, { fromDay: 20 }));
    await fixture.send(scope, month);
    expect(await spend(scope)).toMatchObject({ rows: 1, reported: '3.000000000' });
    await fixture.send(scope, page({ ...USED, model: 'our-own-model' }));
    expect(await spend(scope)).toMatchObject({ rows: 2, reported: '3.000000000' });
  });

  it('make room for usage that began long before them', async () => {
    const scope = await fixture.tenant();
    await fixture.send(scope, bill);
    const week = { start_time: START_S - 6 * DAY_S, end_time: START_S + 2 * DAY_S, results: [USED] };
    await fixture.send(scope, JSON.stringify({ object: 'page', data: [week] }));
    expect(await spend(scope)).toMatchObject({ rows: 1, computed: '2.500000000', reported: '0.000000000' });
  });

  describe('when the import of the usage of their days', () => {
    const IMPORT = { format: 'auto', source: 'auto', label: 'x', synthetic: false, priceAs: undefined };
    const gone = new AppError('server_draining', 'gone');
    const none = { count: 0, samples: [] };

    /** A bill, and usage of its first day that belongs to an import that is still under way. */
    async function underWay() {
      const scope = await fixture.tenant();
      const started = { ...IMPORT, ...scope, id: new Ids().next() };
      await fixture.store.begin(started);
      for (const file of [bill, usage]) await fixture.send(scope, file);
      await fixture.database.execute('UPDATE usage_event SET import_id = $2 WHERE tenant_id = $1 AND NOT is_bill', [
        scope.tenantId,
        started.id,
      ]);
      expect(await spend(scope)).toMatchObject({ rows: 2, reported: '3.000000000' });
      return { scope, started };
    }

    it('fails, count again', async () => {
      const { scope, started } = await underWay();
      await fixture.store.fail(started, none, gone);
      expect(await spend(scope)).toMatchObject({ rows: 2, reported: '6.000000000' });
    });

    it('was left behind by a killed server, count again', async () => {
      const { scope } = await underWay();
      await fixture.store.failAbandoned(new Date(Date.now() + 60_000), gone);
      expect(await spend(scope)).toMatchObject({ rows: 2, reported: '6.000000000' });
    });

    it('can not settle them, leave it under way', async () => {
      const { scope, started } = await underWay();
      class Dying extends BillSettlement {
        override settle = () => Promise.reject(new Error('killed'));
      }
      const store = new UsageImportStore(fixture.database, new Clock(), new Dying(fixture.database));
      const period = { from: new Date(START_S * 1_000), to: new Date(START_S * 1_000) };
      await expect(store.complete(started, { rejects: none, period, written: 0 })).rejects.toThrow('killed');
      expect(await store.find(scope.tenantId, started.id)).toMatchObject({ status: 'running' });
    });
  });

  it('are compared with usage, provider by provider, and not with that of others', async () => {
    const [scope, other] = [await fixture.tenant(), await fixture.tenant()];
    for (const file of [usage, bill, focus]) await fixture.send(scope, file);
    await fixture.send(other, usage);
    const context = new UserExecutionContext({
      ...scope,
      threadId: 't',
      runId: 'r',
      requestId: 'q',
      sessionId: 's',
      createdAt: new Date(),
    });
    const report = await new ToolBox(fixture.database, context).report('reconcile_costs');
    expect(report.value('spend')).toBe('12.500000000');
    expect(report.value('bill.openai.billed')).toBe('13.000000000');
    expect(report.value('bill.openai.usage')).toBe('2.500000000');
    expect(report.value('bill.openai.gap')).toBe('10.500000000');
    expect(report.value('unpriced_rows')).toBe('0');
    expect(report.caveats.join()).toContain('the bill is compared with it');
    expect(report.rows.filter(({ kind }) => kind === 'bill')).toMatchObject([{ name: 'openai', days: '3' }]);
  });
});

describe('the same request in two sources', () => {
  let fixture: UsageFixture;
  beforeAll(async () => {
    fixture = await usageFixture();
  });
  afterAll(() => fixture.close());

  const ID = 'chatcmpl-9J3uIL87gldCFtiIbyaOvTeYBRA3l';
  const litellm = `request_id,call_type,startTime,endTime,model,spend,prompt_tokens,completion_tokens,status
${ID},acompletion,2026-01-02T00:00:00Z,2026-01-02T00:00:01Z,gpt-4o,0.01,1000,10,success
own-id-of-the-gateway,acompletion,2026-01-02T00:00:02Z,2026-01-02T00:00:03Z,gpt-4o,0.01,1000,10,success
`;
  const span = {
    traceId: '5b8efff798038103d269b633813fc60c',
    spanId: 'eee19b7ec3c1b174',
    startTimeUnixNano: '1767312000000000000',
    endTimeUnixNano: '1767312001000000000',
    attributes: [
      ['gen_ai.operation.name', { stringValue: 'chat' }],
      ['gen_ai.response.id', { stringValue: ID }],
      ['gen_ai.response.model', { stringValue: 'gpt-4o' }],
      ['gen_ai.usage.input_tokens', { intValue: '1000' }],
      ['gen_ai.usage.output_tokens', { intValue: '10' }],
    ].map(([key, value]) => ({ key, value })),
  };
  const spans = JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] });

  it('is counted once, whichever source comes first', async () => {
    for (const [first, second] of [
      [litellm, spans],
      [spans, litellm],
    ] as const) {
      const scope = await fixture.tenant();
      const [one, two] = [await fixture.send(scope, first), await fixture.send(scope, second)];
      expect(one.accepted + two.accepted).toBe(2);
      expect(one.duplicates + two.duplicates).toBe(1);
    }
  });

  it('is two requests of two tenants', async () => {
    for (const scope of [await fixture.tenant(), await fixture.tenant()])
      expect(await fixture.send(scope, spans)).toMatchObject({ accepted: 1, duplicates: 0, format: 'otel' });
  });
});
