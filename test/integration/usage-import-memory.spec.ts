import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { BATCH_ROWS } from '../../src/cost-analysis/usage/import-run.js';
import { usageFixture, type UsageFixture } from './usage-fixture.js';

const BATCHES = 6;
const TABLE = `timestamp,model,input_tokens,output_tokens
${Array.from({ length: BATCH_ROWS * BATCHES }, (_, index) => `2026-01-02T00:00:00.${String(index).padStart(6, '0')}Z,gpt-4o,10,5\n`).join('')}`;

describe('memory of an import', () => {
  let fixture: UsageFixture;
  beforeAll(async () => {
    fixture = await usageFixture();
  });
  afterAll(() => fixture.close());

  it('is taken once for the batch that is written and once for the one that is made meanwhile', async () => {
    const scope = await fixture.tenant();
    const memories: ArrayBufferLike[] = [];
    const transaction = fixture.database.transaction.bind(fixture.database);
    Object.assign(fixture.database, {
      transaction: (work: Parameters<typeof transaction>[0], options: Parameters<typeof transaction>[1]) =>
        transaction((sql) => {
          const copyIn = sql.copyIn.bind(sql);
          Object.assign(sql, {
            copyIn: (text: string, message: Buffer) => {
              memories.push(message.buffer);
              return copyIn(text, message);
            },
          });
          return work(sql);
        }, options),
    });
    const imported = await fixture.send(scope, TABLE);
    expect(imported).toMatchObject({ accepted: BATCH_ROWS * BATCHES, duplicates: 0, rejected: 0 });
    expect(memories).toHaveLength(BATCHES);
    // One is enough where a batch is written before the next one is made.
    expect(new Set(memories).size).toBeLessThanOrEqual(2);
  });
});
