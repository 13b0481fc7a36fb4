import { describe, expect, it } from '@jest/globals';
import { growths, type MemoryMark } from './soak.js';

const ALLOWED = { rssMib: 32, heapMib: 8 };

/** A look each minute; resident memory is what it is beside the heap, and the heap. */
const marks = (heapMib: readonly number[], besideMib: readonly number[] = heapMib.map(() => 200)): MemoryMark[] =>
  heapMib.map((heap, step) => ({
    ...{ atMs: (step + 1) * 60_000, runs: 100 * step, connections: 130 * step },
    ...{ heapMib: heap, rssMib: heap + (besideMib[step] ?? 0) },
  }));

describe('the growth of a server under load', () => {
  it.each([
    ['flat', marks([74, 74, 74, 74, 74])],
    ['noisy', marks([74, 81, 71, 90, 79], [200, 230, 190, 240, 215])],
    ['just what is allowed', marks([74, 76, 78, 80, 82])],
    ['shrinking', marks([90, 80, 70, 60, 50])],
  ])('is none where memory is %s', (_, series) => {
    expect(growths(series, ALLOWED)).toEqual([]);
  });

  it('is told where the heap leaks, through the noise', () => {
    expect(growths(marks([74, 79, 78, 84, 88]), ALLOWED)).toEqual(['heapMib grew by 14.0, allowed are 8']);
  });

  it('is told where something beside the heap leaks', () => {
    expect(growths(marks([74, 74, 74, 74, 74], [200, 210, 220, 230, 240]), ALLOWED)).toEqual([
      'rssMib grew by 40.0, allowed are 32',
    ]);
  });

  it('is told of both', () => {
    expect(growths(marks([74, 90, 106, 122, 138]), ALLOWED)).toHaveLength(2);
  });

  it('is not known where nothing was measured', () => {
    expect(() => growths([], ALLOWED)).toThrow('nothing was measured');
  });
});
