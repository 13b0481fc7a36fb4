import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { BATCH_ROWS } from '../../src/cost-analysis/usage/import-run.js';
import { databaseUnavailable } from '../../src/persistence/database-error.js';
import { usageFixture, type UsageFixture } from './usage-fixture.js';

const COUNT = BATCH_ROWS * 6;
const TABLE = `timestamp,model,input_tokens,output_tokens
${Array.from({ length: COUNT }, (_, index) => `2026-01-02T00:00:00.${String(index).padStart(6, '0')}Z,gpt-4o,10,5\n`).join('')}`;

describe('batches of an import whose database fails', () => {
  let fixture: UsageFixture;
  beforeAll(async () => {
    fixture = await usageFixture();
  });
  afterEach(() => {
    Reflect.deleteProperty(fixture.database, 'transaction');
  });
  afterAll(() => fixture.close());

  const rowCount = async (tenantId: string) =>
    (
      await fixture.database.row<{ rows: number }>('SELECT count(*) AS rows FROM usage_event WHERE tenant_id = $1', [
        tenantId,
      ])
    )?.rows;
  /** The first batch is stored, which nobody learns; what happens to the second one is the caller's. */
  const loseAnswer = (second: (run: () => Promise<unknown>) => Promise<unknown>) => {
    const transaction = fixture.database.transaction.bind(fixture.database);
    let calls = 0;
    Object.assign(fixture.database, {
      transaction: async (work: Parameters<typeof transaction>[0]) => {
        calls += 1;
        if (calls === 2) return second(() => transaction(work));
        const result = await transaction(work);
        if (calls === 1) throw databaseUnavailable('ended the session');
        return result;
      },
    });
  };

  it('are counted once when they were stored but the answer was lost', async () => {
    const scope = await fixture.tenant();
    loseAnswer((run) => run());
    expect(await fixture.send(scope, TABLE)).toMatchObject({ status: 'completed', accepted: COUNT, duplicates: 0 });
    expect(await rowCount(scope.tenantId)).toBe(COUNT);
  });

  it('are missed when a crash lost one, though another one was added twice', async () => {
    const scope = await fixture.tenant();
    loseAnswer(() => Promise.resolve());
    await expect(fixture.send(scope, TABLE)).rejects.toMatchObject({ code: 'database_unavailable' });
    expect(await fixture.store.list(scope.tenantId, 1)).toMatchObject([{ status: 'failed', accepted: 0 }]);
    expect(await rowCount(scope.tenantId)).toBe(0);
  });
});
