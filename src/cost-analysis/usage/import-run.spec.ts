import { describe, expect, it } from '@jest/globals';
import { Database } from '../../persistence/database.js';
import { ImportRun, TURN_RECORDS } from './import-run.js';
import { RejectedRow } from './rejected-row.js';
import type { NewImport } from './usage-import-store.js';
import { UsageWriter } from './usage-writer.js';

const started: NewImport = {
  id: '01980000-0000-7000-8000-00000000000a',
  tenantId: '01980000-0000-7000-8000-00000000000b',
  userId: '01980000-0000-7000-8000-00000000000c',
  format: 'generic',
  source: 'generic',
  label: 'Usage table',
  synthetic: false,
  priceAs: undefined,
};

async function* onePiece(records: number) {
  yield await Promise.resolve(Array.from({ length: records }, (_, line) => ({ line, names: [], values: [] })));
}

describe('ImportRun', () => {
  it('lets others have their turn within a piece of the file', async () => {
    const noDatabase = new Database(() => {
      throw new Error('nothing is written here');
    });
    const run = new ImportRun({ writerOf: () => new UsageWriter(noDatabase, started) }, undefined);
    let [sinceTurn, most] = [0, 0];
    let others = setImmediate(function turn() {
      sinceTurn = 0;
      others = setImmediate(turn);
    });
    const all = run.all(onePiece(TURN_RECORDS * 5), {
      started,
      read: ({ line }) => {
        most = Math.max(most, (sinceTurn += 1));
        throw new RejectedRow('nothing to store', line);
      },
      make: () => {
        throw new Error('no record was read');
      },
      percent: () => undefined,
      onStored: () => undefined,
    });
    await expect(all).rejects.toThrow('nothing is written here');
    clearImmediate(others);
    expect(run.rejects.count).toBe(TURN_RECORDS * 5);
    expect(most).toBe(TURN_RECORDS);
  });
});
