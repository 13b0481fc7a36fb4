import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Clock } from '../telemetry/clock.js';
import { Logger } from '../telemetry/logger.js';
import { BackOff } from './back-off.js';
import { ProviderAttempts } from './provider-attempts.js';
import { ProviderFailure } from './provider-failure.js';

const clock = new Clock();
const { signal } = new AbortController();

function attempts() {
  const pausesMs: number[] = [];
  const wait = (ms: number) => Promise.resolve(void pausesMs.push(ms));
  const backOff = new BackOff({ random: () => 1, wait });
  return {
    pausesMs,
    attempts: new ProviderAttempts({ timeoutMs: 60_000, backOff, clock, logger: new Logger('silent') }),
  };
}

/** Starts at the clock's zero; answers how it ended, and when. */
function runHanging(deadlineMs: number | undefined) {
  const startedMs = clock.monotonicMs();
  const askedAtMs: number[] = [];
  const ended = attempts()
    .attempts.run(
      () => {
        askedAtMs.push(clock.monotonicMs() - startedMs);
        return new Promise(() => undefined);
      },
      { signal, deadlineMs: deadlineMs === undefined ? undefined : startedMs + deadlineMs },
    )
    .catch((error: unknown) => ({ error, endedAtMs: clock.monotonicMs() - startedMs }));
  return { askedAtMs, ended };
}

describe('ProviderAttempts', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  it('gives each attempt its whole time limit where the caller has no end', async () => {
    const { askedAtMs, ended } = runHanging(undefined);
    await jest.advanceTimersByTimeAsync(120_000);
    expect(await ended).toEqual({ error: new ProviderFailure('timeout'), endedAtMs: 120_000 });
    expect(askedAtMs).toEqual([0, 60_000]);
  });

  it('leaves time to a caller whose model hangs', async () => {
    const { askedAtMs, ended } = runHanging(60_000);
    await jest.advanceTimersByTimeAsync(34_000);
    const { error, endedAtMs } = (await ended) as { error: unknown; endedAtMs: number };
    expect(error).toEqual(new ProviderFailure('timeout'));
    expect(askedAtMs).toEqual([0, 20_000]);
    expect(endedAtMs).toBeCloseTo(33_333, -1);
  });

  it('does not ask again when the time that is left is too short; the failure stays what it was', async () => {
    const { askedAtMs, ended } = runHanging(7_500);
    await jest.advanceTimersByTimeAsync(2_500);
    expect(await ended).toMatchObject({ error: new ProviderFailure('timeout'), endedAtMs: 2_500 });
    expect(askedAtMs).toEqual([0]);
  });

  it('does not ask at all when there is too little time', async () => {
    const { askedAtMs, ended } = runHanging(5_000);
    expect(await ended).toMatchObject({ error: new ProviderFailure('no_time'), endedAtMs: 0 });
    expect(askedAtMs).toEqual([]);
  });

  it('does not wait where the pause would take most of the time that is left', async () => {
    const limited = new ProviderFailure('rate_limited', { retryAfterMs: 15_000 });
    const ask = jest.fn(() => Promise.reject(limited));
    const limits = (leftMs: number) => ({ signal, deadlineMs: clock.monotonicMs() + leftMs });
    const { attempts: short, pausesMs: none } = attempts();
    await expect(short.run(ask, limits(30_000))).rejects.toBe(limited);
    expect([ask.mock.calls.length, none]).toEqual([1, []]);
    const { attempts: long, pausesMs } = attempts();
    await expect(long.run(ask, limits(60_000))).rejects.toBe(limited);
    expect(pausesMs).toEqual([15_000, 15_000]);
  });
});
