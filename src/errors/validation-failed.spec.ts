import { describe, expect, it } from '@jest/globals';
import { fieldRefused, validationFailed } from './validation-failed.js';

describe('a failed validation', () => {
  it('says what is wrong and where, the first of it in its message', () => {
    const error = validationFailed([
      { path: ['threads', 0, { key: 'id' }], message: 'is no id' },
      { message: 'is too much' },
    ]);
    expect(error.toWire()).toEqual({
      code: 'validation_failed',
      message: 'threads.0.id: is no id',
      retryable: false,
      details: {
        issues: [
          { path: 'threads.0.id', message: 'is no id' },
          { path: '', message: 'is too much' },
        ],
      },
    });
  });

  it('is of bounded size, whatever was sent', () => {
    const issues = Array.from({ length: 1000 }, () => ({ path: ['x'.repeat(10_000)], message: 'y'.repeat(10_000) }));
    expect(JSON.stringify(validationFailed(issues).toWire()).length).toBeLessThan(10_000);
  });

  it('can be of one field', () => {
    expect(fieldRefused('email', 'is taken').message).toBe('email: is taken');
  });
});
