import { expect, it } from '@jest/globals';
import { lockMs } from './lock-out.js';

it('locks from the fifth failure on, for a minute, doubling up to fifteen', () => {
  expect([1, 4, 5, 6, 7, 8, 9, 10, 5000].map((failures) => lockMs(failures) / 60_000)).toEqual([
    0, 0, 1, 2, 4, 8, 15, 15, 15,
  ]);
});
