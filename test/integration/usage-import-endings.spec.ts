import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { AppError } from '../../src/errors/app-error.js';
import { databaseUnavailable } from '../../src/persistence/database-error.js';
import type { SqlParameter } from '../../src/persistence/sql.js';
import { usageFixture, type UsageFixture } from './usage-fixture.js';

const TABLE = `timestamp,model,input_tokens,output_tokens
2026-01-02,gpt-4o,10,5
2026-01-03,gpt-4o,20,5
`;
const gone = new AppError('server_draining', 'gone');

describe('the end of an import', () => {
  let fixture: UsageFixture;
  beforeAll(async () => {
    fixture = await usageFixture();
  });
  afterEach(() => {
    for (const door of ['execute', 'rows']) Reflect.deleteProperty(fixture.database, door);
  });
  afterAll(() => fixture.close());

  const rowCount = async (tenantId: string) =>
    (
      await fixture.database.row<{ rows: number }>('SELECT count(*) AS rows FROM usage_event WHERE tenant_id = $1', [
        tenantId,
      ])
    )?.rows;
  const failAbandoned = () => fixture.store.failAbandoned(new Date(Date.now() + 60_000), gone);
  /** What happens in the place of statements that have these words, until the test is over. */
  const whenExecuted = (words: string, instead: (run: () => Promise<number>) => Promise<number>) => {
    const execute = fixture.database.execute.bind(fixture.database);
    Object.assign(fixture.database, {
      execute: (text: string, parameters?: readonly SqlParameter[]) =>
        text.includes(words) ? instead(() => execute(text, parameters)) : execute(text, parameters),
    });
  };
  const lost = () => Promise.reject(databaseUnavailable('ended the session'));

  it('keeps the rows of one that was completed, though PostgreSQL could not say so any more', async () => {
    const scope = await fixture.tenant();
    whenExecuted(`status = 'completed'`, async (run) => {
      await run();
      return lost();
    });
    expect(await fixture.send(scope, TABLE)).toMatchObject({ status: 'completed', accepted: 2 });
    expect(await rowCount(scope.tenantId)).toBe(2);
  });

  it('keeps the rows of one that was completed while it was taken for abandoned', async () => {
    const scope = await fixture.tenant();
    const { id } = await fixture.send(scope, TABLE);
    await fixture.database.execute(`UPDATE usage_import SET status = 'running' WHERE id = $1`, [id]);
    const rows = fixture.database.rows.bind(fixture.database);
    Object.assign(fixture.database, {
      rows: async (text: string, parameters?: readonly SqlParameter[]) => {
        const found = await rows(text, parameters);
        await fixture.database.execute(`UPDATE usage_import SET status = 'completed' WHERE id = $1`, [id]);
        return found;
      },
    });
    expect(await failAbandoned()).toBe(0);
    expect(await rowCount(scope.tenantId)).toBe(2);
    expect(await fixture.store.find(scope.tenantId, id)).toMatchObject({ status: 'completed', accepted: 2 });
  });

  it('can only be a failure from when its rows begin to go, and a server that dies meanwhile leaves none for ever', async () => {
    const scope = await fixture.tenant();
    whenExecuted('DELETE FROM usage_event', lost);
    const stopped = AbortSignal.abort(new AppError('rate_limited', 'stopped'));
    await expect(fixture.send(scope, TABLE, { signal: stopped })).rejects.toMatchObject({ code: 'rate_limited' });
    const [left] = await fixture.store.list(scope.tenantId, 1);
    expect(left).toMatchObject({ status: 'running', error: undefined });
    await fixture.database.execute('UPDATE usage_import SET accepted = 2 WHERE tenant_id = $1', [scope.tenantId]);
    const outcome = { rejects: { count: 0, samples: [] }, period: undefined, written: 2 };
    const started = { id: left?.id ?? '', ...scope, format: '', source: '', label: '', synthetic: false };
    await expect(fixture.store.complete({ ...started, priceAs: undefined }, outcome)).rejects.toMatchObject({
      code: 'database_unavailable',
    });
    Reflect.deleteProperty(fixture.database, 'execute');
    expect(await failAbandoned()).toBe(1);
    expect(await fixture.store.list(scope.tenantId, 1)).toMatchObject([
      { status: 'failed', accepted: 0, error: { code: 'rate_limited' } },
    ]);
    expect(await rowCount(scope.tenantId)).toBe(0);
  });

  it('takes out again what a server wrote that was taken for dead', async () => {
    const scope = await fixture.tenant();
    whenExecuted(`status = 'completed'`, async (run) => {
      await fixture.database.execute(`UPDATE usage_import SET status = 'failed', error = '{}' WHERE tenant_id = $1`, [
        scope.tenantId,
      ]);
      return run();
    });
    await expect(fixture.send(scope, TABLE)).rejects.toMatchObject({ code: 'database_unavailable' });
    expect(await fixture.store.list(scope.tenantId, 1)).toMatchObject([{ status: 'failed', accepted: 0 }]);
    expect(await rowCount(scope.tenantId)).toBe(0);
  });
});
