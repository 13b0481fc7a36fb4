import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SAMPLE_LABEL, sampleUsage } from '../../src/cost-analysis/sample/sample-usage.js';
import { BATCH_ROWS } from '../../src/cost-analysis/usage/import-run.js';
import { STATISTICS_ROWS } from '../../src/cost-analysis/usage/usage-imports.js';
import { AppError } from '../../src/errors/app-error.js';
import { databaseUnavailable } from '../../src/persistence/database-error.js';
import { until } from '../support/until.js';
import { usageFixture, type UsageFixture } from './usage-fixture.js';

const HEADER = 'timestamp,model,input_tokens,cached_tokens,output_tokens,cost,user,prompt,team\n';
const line = (index: number, cells = '10,,5,0.001,ann@example.com,tell me,x'): string =>
  `2026-01-02T00:00:00.${String(index).padStart(6, '0')}Z,gpt-4o,${cells}\n`;
const table = (count: number): string => HEADER + Array.from({ length: count }, (_, index) => line(index)).join('');

describe('imports of usage', () => {
  let fixture: UsageFixture;
  beforeAll(async () => {
    fixture = await usageFixture();
  });
  afterAll(() => fixture.close());

  const rowCount = async (tenantId: string) =>
    (
      await fixture.database.row<{ rows: number }>('SELECT count(*) AS rows FROM usage_event WHERE tenant_id = $1', [
        tenantId,
      ])
    )?.rows;

  it('takes the good rows and counts the bad ones with line and reason', async () => {
    const scope = await fixture.tenant();
    const bad = ['-1,,5,,,,', '1e30,,5,,,,', 'NaN,,5,,,,', '10,,5,free,,,', '10,,5'].map((cells, index) =>
      line(100 + index, cells),
    );
    const result = await fixture.send(
      scope,
      `${table(2)}${bad.join('')}1900-01-01,gpt-4o,1,,1,,,,\n2900-01-01,gpt-4o,1,,1,,,,\n${line(3)}`,
    );
    expect(result).toMatchObject({ status: 'completed', format: 'generic', accepted: 3, duplicates: 0, rejected: 7 });
    expect(result.rejectSamples).toEqual([
      { line: 4, reason: 'input is negative: -1' },
      { line: 5, reason: 'input is not a whole number: "1e30"' },
      { line: 6, reason: 'input is not a whole number: "NaN"' },
      { line: 7, reason: 'cost is not an amount in USD: text' },
      { line: 8, reason: '5 fields where the header has 9' },
      { line: 9, reason: 'the time is not between 2015 and now: 1900-01-01T00:00:00.000Z' },
      { line: 10, reason: 'the time is not between 2015 and now: 2900-01-01T00:00:00.000Z' },
    ]);
    expect(result.costReportedNanoUsd).toBe(3_000_000n);
    expect(result.costComputedNanoUsd).toBe(3n * (10n * 2_500n + 5n * 10_000n));
  });

  it('lets the planner know of a large file, for the question that comes right behind it', async () => {
    const known = async () =>
      (
        await fixture.database.row<{ rows: number }>(
          `SELECT reltuples::integer AS rows FROM pg_class WHERE oid = 'usage_event'::regclass`,
        )
      )?.rows;
    await fixture.send(await fixture.tenant(), table(STATISTICS_ROWS));
    expect(await known()).toBeGreaterThanOrEqual(STATISTICS_ROWS);
  });

  it('shows the first twenty of many rejected rows', async () => {
    const rows = Array.from({ length: 3_000 }, (_, index) => line(index, 'x,,5,,,,')).join('');
    const result = await fixture.send(await fixture.tenant(), HEADER + rows);
    expect(result).toMatchObject({ accepted: 0, rejected: 3_000 });
    expect(result.rejectSamples).toHaveLength(20);
  });

  it('counts equal rows of one file each, and none of them when the file comes again, in any packing', async () => {
    const scope = await fixture.tenant();
    const text = HEADER + line(1) + line(1) + line(2);
    expect(await fixture.send(scope, text)).toMatchObject({ accepted: 3, duplicates: 0 });
    expect(await fixture.send(scope, gzipSync(text))).toMatchObject({ accepted: 0, duplicates: 3 });
    expect(await fixture.send(scope, text + line(1) + line(4))).toMatchObject({ accepted: 2, duplicates: 3 });
    expect(await rowCount(scope.tenantId)).toBe(5);
  });

  it('keeps two imports of the same file at the same time from doubling or blocking each other', async () => {
    const scope = await fixture.tenant();
    const text = table(4_000);
    const results = await Promise.all(Array.from({ length: 4 }, () => fixture.send(scope, text)));
    expect(results.map(({ accepted, duplicates }) => accepted + duplicates)).toEqual([4_000, 4_000, 4_000, 4_000]);
    expect(results.reduce((sum, { accepted }) => sum + accepted, 0)).toBe(4_000);
    expect(await rowCount(scope.tenantId)).toBe(4_000);
  });

  it('takes the rows around those that are there already, whichever batch has them', async () => {
    const scope = await fixture.tenant();
    const count = BATCH_ROWS * 6;
    const there = [BATCH_ROWS * 2 + 7, BATCH_ROWS * 3 + 8, BATCH_ROWS * 5 + 9];
    await fixture.send(scope, HEADER + there.map((index) => line(index)).join(''));
    const result = await fixture.send(scope, table(count));
    expect(result).toMatchObject({ accepted: count - 3, duplicates: 3, rejected: 0 });
    expect(result.costReportedNanoUsd).toBe(BigInt(count - 3) * 1_000_000n);
    expect(result.costComputedNanoUsd).toBe(BigInt(count - 3) * (10n * 2_500n + 5n * 10_000n));
    expect(result.from).toEqual(new Date('2026-01-02T00:00:00.000Z'));
    expect(await rowCount(scope.tenantId)).toBe(count);
  });

  it('goes on when PostgreSQL ends a session that stood still in a transaction', async () => {
    const scope = await fixture.tenant();
    const ended = () => Promise.reject(databaseUnavailable('ended the session'));
    Object.assign(fixture.database, { transaction: ended });
    try {
      expect(await fixture.send(scope, table(10))).toMatchObject({ status: 'completed', accepted: 10, duplicates: 0 });
    } finally {
      Reflect.deleteProperty(fixture.database, 'transaction');
    }
    expect(await rowCount(scope.tenantId)).toBe(10);
  });

  it('fails, and leaves no row behind, when PostgreSQL lost rows in a crash that nobody noticed', async () => {
    const scope = await fixture.tenant();
    const losing = Readable.from(
      (async function* () {
        yield table(BATCH_ROWS * 6);
        await until(async () => (await rowCount(scope.tenantId)) === BATCH_ROWS * 6, {
          message: 'all rows are stored',
        });
        await fixture.database.execute('UPDATE usage_import SET accepted = accepted - 1 WHERE tenant_id = $1', [
          scope.tenantId,
        ]);
      })(),
    );
    await expect(fixture.send(scope, losing)).rejects.toMatchObject({ code: 'database_unavailable' });
    expect(await fixture.store.list(scope.tenantId, 1)).toMatchObject([{ status: 'failed', accepted: 0 }]);
    expect(await rowCount(scope.tenantId)).toBe(0);
  });

  it('stores no name, key or prompt, and hashes them differently for each tenant', async () => {
    const scopes = [await fixture.tenant(), await fixture.tenant()];
    for (const scope of scopes) await fixture.send(scope, table(1));
    const rows = await fixture.database.rows<{ row: string; user_hash: string; prompt_hash: string }>(
      'SELECT usage_event::text AS row, user_hash, prompt_hash FROM usage_event WHERE tenant_id = ANY($1::uuid[])',
      [scopes.map(({ tenantId }) => tenantId)],
    );
    expect(rows.map(({ row }) => row).join()).not.toMatch(/ann@|tell me/);
    expect(new Set(rows.map(({ user_hash: hash }) => hash)).size).toBe(2);
    expect(new Set(rows.map(({ prompt_hash: hash }) => hash)).size).toBe(2);
  });

  it('takes text that is awkward for PostgreSQL', async () => {
    const scope = await fixture.tenant();
    const awkward = '"{NULL,\\""x""}"';
    const text = `timestamp,model,input_tokens,output_tokens,team,region\n2026-01-02,${awkward},1,1,NULL,${awkward}\n2026-01-03,m\u0000,1,1,"a,b",\ud800\n`;
    expect(await fixture.send(scope, text)).toMatchObject({ accepted: 2, rejected: 0 });
    const rows = await fixture.database.rows(
      'SELECT model_raw, team, tags FROM usage_event WHERE tenant_id = $1 ORDER BY ts_start',
      [scope.tenantId],
    );
    expect(rows).toEqual([
      { model_raw: '{NULL,\\"x"}', team: 'NULL', tags: { extra: { region: '{NULL,\\"x"}' } } },
      { model_raw: 'm', team: 'a,b', tags: { extra: { region: '\ufffd' } } },
    ]);
  });

  it('fails with what is wrong, leaves no row behind, and takes the whole file when it comes again', async () => {
    const scope = await fixture.tenant();
    const whole = gzipSync(Buffer.from(table(BATCH_ROWS * 10)), { level: 0 });
    const failing = fixture.send(scope, whole.subarray(0, Math.floor(whole.length / 2)));
    await expect(failing).rejects.toMatchObject({
      code: 'validation_failed',
      message: expect.stringContaining('damaged or incomplete'),
    });
    expect(await fixture.store.list(scope.tenantId, 10)).toMatchObject([
      { status: 'failed', error: { code: 'validation_failed' }, accepted: 0, costComputedNanoUsd: undefined },
    ]);
    expect(await rowCount(scope.tenantId)).toBe(0);
    await fixture.send(scope, whole);
    expect(await rowCount(scope.tenantId)).toBe(BATCH_ROWS * 10);
  });

  it('fails a JSON array that is cut at its end, and takes its rows out again', async () => {
    const scope = await fixture.tenant();
    const item = (index: number) => `{"time":${1_767_323_045 + index},"model":"gpt-4o","input":1,"output":1}`;
    const text = `[${Array.from({ length: 7_000 }, (_, index) => item(index)).join(',\n')}`;
    await expect(fixture.send(scope, text)).rejects.toMatchObject({ code: 'validation_failed' });
    expect(await rowCount(scope.tenantId)).toBe(0);
    expect(await fixture.send(scope, `${text}]`)).toMatchObject({ accepted: 7_000, duplicates: 0 });
  });

  it('gives rows without a price one when the file comes again with a model, once', async () => {
    const scope = await fixture.tenant();
    const text =
      'TIMESTAMP,ContextTokens,GeneratedTokens\n2026-01-02 00:00:00,1000,100\n2026-01-02 00:00:01,1000,100\n';
    const counts = async (priceAs?: string) => {
      const { accepted, duplicates, repriced, costComputedNanoUsd } = await fixture.send(scope, text, { priceAs });
      return [accepted, duplicates, repriced, costComputedNanoUsd];
    };
    expect(await counts()).toEqual([2, 0, 0, undefined]);
    expect(await counts('gpt-4o')).toEqual([0, 0, 2, 7_000_000n]);
    expect(await counts('gpt-4o')).toEqual([0, 2, 0, undefined]);
    expect(
      await fixture.database.rows(
        'SELECT cost_computed::text AS cost, price_status FROM usage_event WHERE tenant_id = $1',
        [scope.tenantId],
      ),
    ).toEqual([
      { cost: '3500000', price_status: 'priced' },
      { cost: '3500000', price_status: 'priced' },
    ]);
  });

  it.each([
    ['', 'The file is empty.'],
    ['name,value\nx,y\n', 'not a usage file in a known format'],
    [HEADER, 'The file has no rows.'],
    ['[{"timestamp":', 'The JSON file breaks off in its middle.'],
    ['[]', 'not a usage file in a known format'],
  ])('refuses %j', async (text, message) => {
    const scope = await fixture.tenant();
    await expect(fixture.send(scope, text)).rejects.toMatchObject({
      code: 'validation_failed',
      message: expect.stringContaining(message),
    });
    expect(await fixture.store.list(scope.tenantId, 10)).toMatchObject([{ status: 'failed' }]);
  });

  it('refuses a model to price as that has no price, before anything is stored', async () => {
    const scope = await fixture.tenant();
    await expect(fixture.send(scope, table(1), { priceAs: 'acme-7b' })).rejects.toMatchObject({
      code: 'validation_failed',
    });
    expect(await fixture.store.list(scope.tenantId, 10)).toEqual([]);
  });

  it('stops between two batches when told to', async () => {
    const scope = await fixture.tenant();
    const stop = new AbortController();
    const endless = Readable.from(
      (function* () {
        yield HEADER;
        for (let index = 0; ; index += 1) {
          if (index === 20_000) stop.abort();
          yield line(index);
        }
      })(),
    );
    await expect(fixture.send(scope, endless, { signal: stop.signal })).rejects.toMatchObject({
      code: 'server_draining',
    });
    expect(endless.destroyed).toBe(true);
    expect(await fixture.store.list(scope.tenantId, 1)).toMatchObject([
      { status: 'failed', error: { code: 'server_draining' } },
    ]);
  });

  it('takes the sample company as synthetic data, apart from real rows', async () => {
    const scope = await fixture.tenant();
    const result = await fixture.send(scope, Readable.from(sampleUsage()), { synthetic: true, label: SAMPLE_LABEL });
    expect(result).toMatchObject({
      status: 'completed',
      synthetic: true,
      label: SAMPLE_LABEL,
      rejected: 0,
      duplicates: 0,
    });
    const found = await fixture.database.rows(
      `SELECT source, count(*) FILTER (WHERE price_status <> 'priced') AS unpriced, bool_and(input_total >= cache_read) AS sane,
              sum(cost_reported) > sum(cost_computed) AS over FROM usage_event WHERE tenant_id = $1 GROUP BY source`,
      [scope.tenantId],
    );
    expect(found).toEqual([{ source: 'synthetic', unpriced: 0, sane: true, over: true }]);
  });

  it('ends imports that a killed server left behind', async () => {
    const scope = await fixture.tenant();
    await fixture.store.begin({
      id: '01980000-0000-7000-8000-000000000001',
      ...scope,
      format: 'auto',
      source: 'auto',
      label: 'x',
      synthetic: false,
      priceAs: undefined,
    });
    await fixture.send(scope, table(2));
    await fixture.database.execute('UPDATE usage_event SET import_id = $2 WHERE tenant_id = $1', [
      scope.tenantId,
      '01980000-0000-7000-8000-000000000001',
    ]);
    expect(await fixture.store.failAbandoned(new Date('2020-01-01'), new AppError('server_draining', 'gone'))).toBe(0);
    expect(
      await fixture.store.failAbandoned(new Date(Date.now() + 60_000), new AppError('server_draining', 'gone')),
    ).toBe(1);
    expect(await fixture.store.find(scope.tenantId, '01980000-0000-7000-8000-000000000001')).toMatchObject({
      status: 'failed',
      error: { message: 'gone' },
    });
    expect(await rowCount(scope.tenantId)).toBe(0);
  });
});
