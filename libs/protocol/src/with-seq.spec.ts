import { describe, expect, it } from '@jest/globals';
import { withSeq } from './with-seq.js';

describe('withSeq', () => {
  it('puts seq first and leaves every other byte as it was', () => {
    const stored = '{"type":"agent_thinking","n":1.50,"text":"\\u0000 é","b":1,"a":2}';
    expect(withSeq(stored, 7)).toBe(`{"seq":7,${stored.slice(1)}`);
    expect(JSON.parse(withSeq(stored, 7))).toMatchObject({ seq: 7, n: 1.5, a: 2 });
  });
});
