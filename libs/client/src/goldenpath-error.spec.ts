import { describe, expect, it } from '@jest/globals';
import type { WireError } from '@goldenpath/protocol';
import { GoldenpathError } from './goldenpath-error.js';

describe('GoldenpathError', () => {
  it('carries what the server said', () => {
    const error = GoldenpathError.fromWire({
      code: 'internal',
      message: 'sorry',
      retryable: true,
      retry_after_ms: 5,
      error_id: 'e1',
      details: { a: 1 },
    });
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({
      code: 'internal',
      message: 'sorry',
      retryable: true,
      retryAfterMs: 5,
      errorId: 'e1',
    });
    expect(error.details).toEqual({ a: 1 });
  });

  it('keeps a code that it does not know in the details', () => {
    const wire = JSON.parse('{"code":"from_the_future","message":"?","retryable":false}') as WireError;
    expect(GoldenpathError.fromWire(wire)).toMatchObject({ code: 'internal', details: { code: 'from_the_future' } });
  });

  it('wraps other errors once', () => {
    const cause = new TypeError('no');
    const error = GoldenpathError.from(cause);
    expect(error).toMatchObject({ code: 'connection_lost', message: 'no', cause });
    expect(GoldenpathError.from(error)).toBe(error);
    expect(GoldenpathError.from('text').message).toBe('text');
  });
});
