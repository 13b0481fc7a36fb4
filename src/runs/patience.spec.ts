import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { withPatience } from './patience.js';

const away = new Error('away');
const isPassing = (error: unknown): boolean => error === away;

describe('withPatience', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  it('tries four times, 500 ms apart, then gives the last error', async () => {
    const triedAtMs: number[] = [];
    const startedMs = Date.now();
    const result = withPatience(
      () => {
        triedAtMs.push(Date.now() - startedMs);
        return Promise.reject(away);
      },
      { isPassing },
    ).catch((error: unknown) => error);
    await jest.advanceTimersByTimeAsync(5_000);
    expect(await result).toBe(away);
    expect(triedAtMs).toEqual([0, 500, 1_000, 1_500]);
  });

  it('gives what a later try gave', async () => {
    const result = withPatience((attempt) => (attempt < 3 ? Promise.reject(away) : Promise.resolve(attempt)), {
      isPassing,
    });
    await jest.advanceTimersByTimeAsync(1_000);
    expect(await result).toBe(3);
  });

  it('does not wait for what does not pass', async () => {
    await expect(withPatience(() => Promise.reject(new Error('broken')), { isPassing })).rejects.toThrow('broken');
  });

  it('stops waiting when it is told to', async () => {
    const controller = new AbortController();
    const result = withPatience(() => Promise.reject(away), { isPassing, signal: controller.signal });
    result.catch(() => undefined);
    await jest.advanceTimersByTimeAsync(100);
    controller.abort(new Error('cancelled'));
    await expect(result).rejects.toThrow('cancelled');
  });
});
