import { describe, expect, it } from '@jest/globals';
import { ThreadBeginnings } from './thread-beginnings.js';

const scope = { tenantId: 'tenant', userId: 'user' };
const SINCE = '10:12:10';

/** Beginnings over a log whose answers come when the test says so. */
function beginnings(committed: () => Promise<string> = () => Promise.resolve(SINCE)) {
  const asked: string[] = [];
  const answers: ((seq: number | undefined) => void)[] = [];
  const errors: unknown[] = [];
  const begun: number[] = [];
  const found = new ThreadBeginnings(
    scope,
    {
      committed,
      firstSince: (_scope, _threadId, since) => {
        asked.push(since);
        return new Promise((resolve) => answers.push(resolve));
      },
    },
    (error) => errors.push(error),
  );
  const find = (announcedSeq = Infinity) => found.find('thread', announcedSeq, (seq) => begun.push(seq));
  return { found, asked, answers, errors, begun, find };
}

describe('where a thread begins for who follows all', () => {
  it('is looked for only where something was written since', async () => {
    const { found } = beginnings();
    const writtenBy = [9n, 10n, 11n, 12n];
    expect(writtenBy.map((transaction) => found.mayHaveBegun(transaction))).toEqual([false, false, false, false]);
    await found.start();
    expect(writtenBy.map((transaction) => found.mayHaveBegun(transaction))).toEqual([false, true, false, true]);
  });

  it('is before what was announced, when an announcement was lost', async () => {
    const { found, find, answers, asked, begun } = beginnings();
    await found.start();
    const finding = find(5);
    answers[0]?.(2);
    await finding;
    expect([begun, asked]).toEqual([[2], [SINCE]]);
  });

  it('is what was announced, when the log has nothing since', async () => {
    const { found, find, answers, begun } = beginnings();
    await found.start();
    const finding = find(5);
    answers[0]?.(undefined);
    await finding;
    expect(begun).toEqual([5]);
  });

  it('counts what is announced while the log is asked, and asks once', async () => {
    const { found, find, answers, asked, begun } = beginnings();
    await found.start();
    const finding = find();
    expect(found.includes('thread', 1)).toBe(true);
    await find(3);
    answers[0]?.(undefined);
    await finding;
    expect(begun).toEqual([1]);
    expect(asked).toHaveLength(1);
    expect(found.includes('thread', 4)).toBe(false);
  });

  it('is nowhere while there is nothing', async () => {
    const { found, find, answers, begun } = beginnings();
    await found.start();
    const finding = find();
    answers[0]?.(undefined);
    await finding;
    expect(begun).toEqual([]);
  });

  it('is what is announced when the database could not be asked for what was committed', async () => {
    const { found, find, errors, begun, asked } = beginnings(() => Promise.reject(new Error('away')));
    await found.start();
    await find(7);
    expect([begun, asked, errors.length]).toEqual([[7], [], 1]);
  });
});
