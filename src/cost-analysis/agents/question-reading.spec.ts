import { describe, expect, it } from '@jest/globals';
import { reading } from './question-reading.js';

describe('how a model read the question', () => {
  it('is the JSON in its answer', () => {
    expect(reading('Here:\n```json\n{"intent":"savings","models":["gpt-4o"],"from":"soon"}\n```')).toEqual({
      intent: 'savings',
      entities: { models: ['gpt-4o'], dimensions: [] },
    });
  });

  it('is nothing when there is none that fits', () => {
    expect(reading('I think it is about savings.')).toBeUndefined();
    expect(reading('{"intent":"drop tables"}')).toBeUndefined();
    expect(reading('{')).toBeUndefined();
  });
});
