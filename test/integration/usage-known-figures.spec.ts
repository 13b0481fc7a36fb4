import { createReadStream, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PriceBook } from '../../src/cost-analysis/prices/price-book.js';
import { usdDecimal } from '../../src/cost-analysis/prices/money.js';
import { importerFor } from '../../src/cost-analysis/usage/importers/importers.js';
import { Pseudonyms } from '../../src/cost-analysis/usage/pseudonyms.js';
import { openUsageFile } from '../../src/cost-analysis/usage/reading/usage-file.js';
import { RejectedRow } from '../../src/cost-analysis/usage/rejected-row.js';
import { UsageRows } from '../../src/cost-analysis/usage/usage-rows.js';
import { usageFixture, type UsageFixture } from './usage-fixture.js';

const TRACE = join(process.cwd(), '..', 'shared', 'data', 'AzureLLMInferenceTrace_conv.csv');
const describeWithData = existsSync(TRACE) ? describe : describe['skip'];

describeWithData('the Azure hour of ../shared/data', () => {
  let fixture: UsageFixture;
  beforeAll(async () => {
    fixture = await usageFixture();
  });
  afterAll(() => fixture.close());

  it.each([
    ['gpt-4o', '96.79'],
    ['gpt-4o-mini', '5.81'],
    ['gpt-5', '68.84'],
    ['gpt-5-mini', '13.77'],
    ['claude-sonnet-4-5', '128.42'],
    ['claude-haiku-4-5', '42.81'],
  ])('priced as %s is $%s', async (priceAs, dollars) => {
    expect(Number(usdDecimal(await costOf(priceAs))).toFixed(2)).toBe(dollars);
  });

  it('is exact to the nano-USD, is the sum of its rows, and changes nothing when it comes again', async () => {
    const scope = await fixture.tenant();
    const result = await fixture.send(scope, createReadStream(TRACE), { priceAs: 'gpt-4o' });
    expect(result).toMatchObject({
      format: 'azure-trace',
      label: 'Azure LLM inference trace',
      accepted: 19_366,
      duplicates: 0,
      rejected: 0,
    });
    expect(usdDecimal(result.costComputedNanoUsd ?? 0n)).toBe('96.791325000');
    expect(result.from?.toISOString()).toBe('2023-11-16T18:15:46.680Z');
    const sums = await fixture.database.row<{ cost: string; rows: number; models: number }>(
      'SELECT sum(cost_computed)::text AS cost, count(*) AS rows, count(model_raw) AS models FROM usage_event WHERE tenant_id = $1',
      [scope.tenantId],
    );
    expect(sums).toEqual({ cost: '96791325000', rows: 19_366, models: 0 });
    const again = await fixture.send(scope, createReadStream(TRACE), { priceAs: 'gpt-4o' });
    expect(again).toMatchObject({
      status: 'completed',
      accepted: 0,
      duplicates: 19_366,
      costComputedNanoUsd: undefined,
    });
    const after = await fixture.database.row('SELECT count(*) AS rows FROM usage_event WHERE tenant_id = $1', [
      scope.tenantId,
    ]);
    expect(after).toEqual({ rows: 19_366 });
  });
});

/** Read and priced as an import would, without the database. */
async function costOf(priceAs: string): Promise<bigint> {
  const file = await openUsageFile(createReadStream(TRACE));
  const importer = importerFor('auto', file.sample);
  const rows = new UsageRows({
    prices: new PriceBook(),
    pseudonyms: new Pseudonyms('salt'),
    now: new Date(),
    priceAs,
    tags: {},
  });
  let sum = 0n;
  for await (const records of file.records) {
    for (const record of records) {
      if (record instanceof RejectedRow) throw record;
      for (const draft of importer.read(record))
        if (!(draft instanceof RejectedRow)) sum += rows.make(draft).costComputed ?? 0n;
    }
  }
  return sum;
}

it('names the version of prices that is installed', () => {
  const installed = readFileSync(
    join(process.cwd(), 'node_modules', '@pydantic', 'genai-prices', 'package.json'),
    'utf8',
  );
  expect(JSON.parse(installed)).toMatchObject({ version: new PriceBook().version.split(' ')[1] });
});
