import { describe, expect, it } from '@jest/globals';
import { batchEvidence } from './batch-evidence.js';

describe('what speaks for batching', () => {
  const nightly = {
    feature: 'enrich',
    taggedNano: 0n,
    days: 28,
    spanDays: 30,
    rows: 100,
    nightRows: 97,
    timedRows: 100,
  };

  it('is a name, a tag, or nights in a row', () => {
    expect(batchEvidence(nightly, ['enrich'])).toBe('named');
    expect(batchEvidence({ ...nightly, taggedNano: 1n }, [])).toBe('tag');
    expect(batchEvidence(nightly, [])).toBe('night');
  });

  it.each([
    ['too much of it by day', { nightRows: 94 }],
    ['too few days', { days: 4, spanDays: 4 }],
    ['now and then only', { days: 20 }],
    ['buckets of a whole day, which all start at midnight', { timedRows: 0 }],
  ])('is nothing with %s', (_, change) => {
    expect(batchEvidence({ ...nightly, ...change }, [])).toBeUndefined();
  });
});
