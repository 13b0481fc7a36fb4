import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { AppError } from '../errors/app-error.js';
import { deadline } from './deadline.js';

const LIMIT_MS = 100;
const tooLong = (): AppError => new AppError('run_timeout', 'too long');
const forever = new Promise<never>(() => undefined);

describe('work with a time limit', () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  it('ends at the limit, even if it does not listen', async () => {
    const limit = deadline(new AbortController().signal, LIMIT_MS, tooLong);
    const racing = limit.race(forever);
    jest.advanceTimersByTime(LIMIT_MS);
    await expect(racing).rejects.toMatchObject({ code: 'run_timeout' });
    expect(limit.signal.reason).toMatchObject({ code: 'run_timeout' });
  });

  it('ends with its parent, for the parent’s reason, also when that ended before', async () => {
    const parent = new AbortController();
    const limit = deadline(parent.signal, LIMIT_MS, tooLong);
    const racing = limit.race(forever);
    parent.abort(new Error('stop'));
    await expect(racing).rejects.toThrow('stop');
    await expect(deadline(parent.signal, LIMIT_MS, tooLong).race(forever)).rejects.toThrow('stop');
  });

  it('can be ended before its time', async () => {
    const limit = deadline(new AbortController().signal, LIMIT_MS, tooLong);
    limit.stop(new Error('enough'));
    await expect(limit.race(forever)).rejects.toThrow('enough');
  });

  it('leaves no timer and no listener behind once it is cleared', async () => {
    const parent = new AbortController();
    const limit = deadline(parent.signal, LIMIT_MS, tooLong);
    expect(await limit.race(Promise.resolve('done'))).toBe('done');
    limit.clear();
    parent.abort(new Error('later'));
    expect([limit.signal.aborted, jest.getTimerCount()]).toEqual([false, 0]);
  });
});
