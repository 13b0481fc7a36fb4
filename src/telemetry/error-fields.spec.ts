import { describe, expect, it } from '@jest/globals';
import { errorFields } from './error-fields.js';

describe('errorFields', () => {
  it('shows name, message, code, stack and causes', () => {
    const error = Object.assign(new TypeError('outer', { cause: new RangeError('inner') }), { code: '23505' });
    expect(errorFields(error)).toMatchObject({
      type: 'TypeError',
      message: 'outer',
      code: '23505',
      cause: { type: 'RangeError', message: 'inner' },
    });
    expect(errorFields(error).stack).toContain('outer');
  });

  it('leaves out whatever else hangs on the error', () => {
    const error = Object.assign(new Error('lost'), { client: { password: 'hunter2' }, detail: 'Key (email)=(a@b.c)' });
    expect(JSON.stringify(errorFields(error))).not.toMatch(/hunter2|a@b\.c/);
  });

  it('ends with a cause that causes itself, and takes what is no error', () => {
    const error: Error & { cause?: unknown } = new Error('loop');
    error.cause = error;
    expect(JSON.stringify(errorFields(error)).length).toBeLessThan(20_000);
    expect(errorFields('text')).toEqual({ type: 'string', message: 'text' });
  });
});
