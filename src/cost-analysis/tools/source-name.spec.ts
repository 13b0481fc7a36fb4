import { describe, expect, it } from '@jest/globals';
import { sourceName } from './source-name.js';

describe('the name of a source', () => {
  it('says what it is, whether it is real, and whether its model was assumed', () => {
    const trace = { label: 'Azure LLM inference trace', format: 'azure-trace', price_as: 'gpt-4o', synthetic: false };
    expect(sourceName(trace)).toBe('Azure LLM inference trace, real tokens, priced as gpt-4o');
    expect(sourceName({ ...trace, label: 'March', price_as: null })).toBe('March, real usage');
    expect(sourceName({ label: 'Sample', format: 'generic', price_as: null, synthetic: true })).toBe(
      'Sample, synthetic data',
    );
  });
});
