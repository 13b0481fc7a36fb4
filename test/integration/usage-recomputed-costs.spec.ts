import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { UNLISTED_PROVIDER } from '../../src/cost-analysis/prices/price-override.js';
import { PriceRecomputation } from '../../src/cost-analysis/usage/price-recomputation.js';
import { StoredCosts } from '../../src/cost-analysis/usage/stored-costs.js';
import { Lifecycle } from '../../src/monitor/lifecycle.js';
import type { UserScope } from '../../src/persistence/sql.js';
import { Clock } from '../../src/telemetry/clock.js';
import { Logger } from '../../src/telemetry/logger.js';
import { until } from '../support/until.js';
import { usageFixture, type UsageFixture } from './usage-fixture.js';

describe('costs that are computed anew', () => {
  let fixture: UsageFixture;
  beforeAll(async () => {
    fixture = await usageFixture();
  });
  afterAll(() => fixture.close());

  const signal = new AbortController().signal;

  const price = (scope: UserScope, usdPerMillion: string) =>
    fixture.overrides.replace(scope, [
      {
        provider: UNLISTED_PROVIDER,
        modelId: 'own',
        validFrom: new Date('2025-01-01'),
        usdPerMillion: { input: usdPerMillion },
        discountPercent: undefined,
        note: undefined,
      },
    ]);

  /** Usage of a model that only the tenant has a price for. */
  async function priced(inputTokens: number, usdPerMillion: string): Promise<UserScope> {
    const scope = await fixture.tenant();
    const file = `time,model,input,output\n2026-01-02,own,${inputTokens},0\n2026-01-02,own,1000000,0\n`;
    expect(await fixture.send(scope, file)).toMatchObject({ accepted: 2 });
    await price(scope, usdPerMillion);
    return scope;
  }

  const costs = ({ tenantId }: UserScope) =>
    fixture.database.rows(
      `SELECT cost_computed::text AS cost, price_status AS status FROM usage_event WHERE tenant_id = $1 ORDER BY input_total, cost_computed`,
      [tenantId],
    );

  it('are unknown where they are more than can be counted, and right beside that', async () => {
    const scope = await priced(1_000_000_000_000, '1');
    expect(await fixture.costs.recompute(scope.tenantId, signal)).toBe(2);
    await price(scope, '100000');
    expect(await fixture.costs.recompute(scope.tenantId, signal)).toBe(2);
    expect(await costs(scope)).toEqual([
      { cost: '100000000000000', status: 'priced' },
      { cost: null, status: 'invalid' },
    ]);
  });

  it('stay what they are where prices did not change, also of models whose id is none of their names', async () => {
    const scope = await fixture.tenant();
    const models = ['us.anthropic.claude-haiku-4-5-20251001-v1:0', 'us.anthropic.claude-sonnet-4-20250514-v1:0'];
    const lines = models.map((model) => `2026-01-02,${model},bedrock,1000000,0`);
    await fixture.send(scope, `time,model,provider,input,output\n${lines.join('\n')}\n`);
    const before = await costs(scope);
    expect(before).toEqual([
      { cost: '1100000000', status: 'priced' },
      { cost: '3000000000', status: 'priced' },
    ]);
    expect(await fixture.costs.recompute(scope.tenantId, signal)).toBe(0);
    expect(await costs(scope)).toEqual(before);
  });

  it('do not wait for a tenant whose costs can not be computed', async () => {
    const [stuck, next] = [await priced(5, '1'), await priced(5, '1')];
    class Costs extends StoredCosts {
      override recompute = (tenantId: string, stop: AbortSignal) =>
        tenantId === stuck.tenantId ? Promise.reject(new Error('stuck')) : fixture.costs.recompute(tenantId, stop);
    }
    const { database, overrides, tenantPrices } = fixture;
    const lifecycle = new Lifecycle(new Clock());
    const recomputation = new PriceRecomputation(
      overrides,
      new Costs(database, tenantPrices, fixture.bills),
      lifecycle,
      new Logger('silent'),
    );
    lifecycle.markReady();
    recomputation.onApplicationBootstrap();
    await until(async () => (await overrides.recomputation(next.tenantId))?.finishedAt, {
      timeoutMs: 20_000,
      message: 'the costs of the other tenant',
    });
    await recomputation.beforeApplicationShutdown();
    expect((await overrides.recomputation(stuck.tenantId))?.finishedAt).toBeUndefined();
  });
});
