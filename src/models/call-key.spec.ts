import { describe, expect, it } from '@jest/globals';
import { callKey } from './call-key.js';

describe('callKey', () => {
  it('is the same for equal parameters in another order, at any depth', () => {
    expect(callKey('a', { x: 1, y: [{ p: 1, q: 2 }] })).toBe(callKey('a', { y: [{ q: 2, p: 1 }], x: 1 }));
  });

  it('differs with the tool, a value or the order of a list', () => {
    const keys = [
      callKey('a', { x: [1, 2] }),
      callKey('b', { x: [1, 2] }),
      callKey('a', { x: [2, 1] }),
      callKey('a', {}),
    ];
    expect(new Set(keys).size).toBe(4);
  });
});
