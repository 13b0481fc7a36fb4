import { describe, expect, it } from '@jest/globals';
import { AppError } from './app-error.js';

describe('an AppError', () => {
  it('shows its code, what the catalogue says of it, and its data, but not its cause', () => {
    const error = new AppError('queue_full', 'Full.', {
      retryAfterMs: 500,
      details: { queued: 20 },
      cause: new Error('secret'),
    });
    expect(error.httpStatus).toBe(429);
    expect(error.toWire()).toEqual({
      code: 'queue_full',
      message: 'Full.',
      retryable: true,
      retry_after_ms: 500,
      details: { queued: 20 },
    });
  });

  it.each([
    ['database_unavailable', true],
    ['token_expired', false],
    ['forbidden', false],
  ] as const)('%s: the same request may be sent again: %p', (code, retryable) => {
    expect(new AppError(code, '').toWire().retryable).toBe(retryable);
  });
});
