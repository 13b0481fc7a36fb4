import { describe, expect, it } from '@jest/globals';
import type { SlowReaderResult } from './slow-readers.js';
import { slowReaderFailures } from './slow-readers-verdict.js';

const MEGABYTE = 1024 * 1024;
const SLACK_MS = 5;

const measured = (result: Partial<SlowReaderResult>): SlowReaderResult => ({
  ...{ p99WithoutMs: [20, 90, 20], p99WithMs: [30, 30, 90], heapGrowthBytes: [0, 0, 0], rssGrowthBytes: [0, 0, 0] },
  ...{ bufferedBytesPerReader: 0, givenUp: 1, givenUpAfterMs: 1 },
  ...result,
});

describe('stalled readers', () => {
  it.each<{ what: string; result: Partial<SlowReaderResult>; failures: string[] }>([
    { what: 'may make it half as much again, in the median', result: {}, failures: [] },
    {
      what: 'may not make it more',
      result: { p99WithMs: [31, 31, 0] },
      failures: ['p99 beside stalled readers is 31 ms, more than 30 ms'],
    },
    { what: 'may cost 5 ms where it is short', result: { p99WithoutMs: [2], p99WithMs: [7] }, failures: [] },
    {
      what: 'may not cost more there',
      result: { p99WithoutMs: [2], p99WithMs: [8] },
      failures: ['p99 beside stalled readers is 8 ms, more than 7 ms'],
    },
    {
      what: 'may take 100 MB, in the median',
      result: { rssGrowthBytes: [100 * MEGABYTE, 0, 500 * MEGABYTE] },
      failures: [],
    },
    {
      what: 'may not take more',
      result: { heapGrowthBytes: [101 * MEGABYTE], rssGrowthBytes: [102 * MEGABYTE] },
      failures: [
        "the server's heap grew by 101.0 MB, more than 100",
        "the server's RSS grew by 102.0 MB, more than 100",
      ],
    },
    {
      what: 'are not cleared where nothing was measured',
      result: { p99WithMs: [], p99WithoutMs: [] },
      failures: ['p99 beside stalled readers is NaN ms, more than NaN ms'],
    },
  ])('$what', ({ result, failures }) => {
    expect(slowReaderFailures(measured(result), SLACK_MS)).toEqual(failures);
  });
});
