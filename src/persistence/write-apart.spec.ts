import { describe, expect, it } from '@jest/globals';
import { writeApart } from './write-apart.js';

const withCode = (code: string): Error => Object.assign(new Error('from the driver'), { code });

/** Writes numbers; those of `bad` fail with the code. */
function writing(code: string, bad: readonly number[]) {
  const written: number[] = [];
  const dropped: number[] = [];
  let writes = 0;
  const writer = {
    write: (items: readonly number[]) => {
      writes += 1;
      if (items.some((item) => bad.includes(item))) return Promise.reject(withCode(code));
      written.push(...items);
      return Promise.resolve();
    },
    drop: (item: number) => void dropped.push(item),
    isLate: () => false,
  };
  return { writer, written, dropped, writes: () => writes };
}

const items = Array.from({ length: 200 }, (_, index) => index);

describe('a batch that the database refuses', () => {
  it.each(['22003', '22P02', '23514'])('for its content (%s) is written but for what is refused', async (code) => {
    const { writer, written, dropped, writes } = writing(code, [77]);
    await writeApart(items, writer);
    expect(dropped).toEqual([77]);
    expect(written).toEqual(items.filter((item) => item !== 77));
    // Not one by one.
    expect(writes()).toBeLessThan(20);
  });

  it.each(['57014', '25006', '58030', '42501', '40P01', '08P01'])(
    'for any other reason (%s) is kept, and not tried again',
    async (code) => {
      const { writer, dropped, writes } = writing(code, [77]);
      await expect(writeApart(items, writer)).rejects.toMatchObject({ code });
      await expect(writeApart([77], writer)).rejects.toMatchObject({ code });
      expect(dropped).toEqual([]);
      expect(writes()).toBe(2);
    },
  );

  it('is not taken apart when there is no time left', async () => {
    const { writer, writes } = writing('23514', [77]);
    await expect(writeApart(items, { ...writer, isLate: () => true })).rejects.toMatchObject({ code: '23514' });
    expect(writes()).toBe(1);
  });
});
