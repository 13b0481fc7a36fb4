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

/** An answer of which a piece comes every second. */
function runDripping(deadlineMs: number | undefined, pieces: number, { standsStill = false } = {}) {
  const startedMs = clock.monotonicMs();
  const drip = (_: AbortSignal, heard: () => void) =>
    new Promise<string>((resolve) => {
      let heardPieces = 0;
      const timer = setInterval(() => {
        heard();
        heardPieces += 1;
        if (heardPieces < pieces) return;
        clearInterval(timer);
        if (!standsStill) resolve('whole');
      }, 1_000);
    });
  return attempts()
    .attempts.run(drip, { signal, deadlineMs: deadlineMs === undefined ? undefined : startedMs + deadlineMs })
    .catch((error: unknown) => ({ error, endedAtMs: clock.monotonicMs() - startedMs }));
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

  it.each([
    [7_500, 2_500],
    [30_000, 10_000],
  ])('blames the time of its caller, not the provider, when a model needs more of %d ms', async (deadlineMs, cutMs) => {
    const { askedAtMs, ended } = runHanging(deadlineMs);
    await jest.advanceTimersByTimeAsync(cutMs);
    const { error, endedAtMs } = (await ended) as { error: ProviderFailure; endedAtMs: number };
    expect([error.kind, error.isProviderWide]).toEqual(['no_time', false]);
    expect(endedAtMs).toBeCloseTo(cutMs, -1);
    expect(askedAtMs).toEqual([0]);
  });

  it('leaves an answer its time while it comes, and a third of the time to its caller', async () => {
    const short = runDripping(60_000, 35);
    const long = runDripping(60_000, 1_000);
    const unlimited = runDripping(undefined, 1_000);
    await jest.advanceTimersByTimeAsync(60_000);
    expect(await short).toBe('whole');
    const tooLong = { error: new ProviderFailure('no_time') };
    expect(await long).toMatchObject({ ...tooLong, endedAtMs: expect.closeTo(40_000, -1) });
    expect(await unlimited).toMatchObject({ ...tooLong, endedAtMs: expect.closeTo(60_000, -1) });
  });

  it('does not wait for the rest of an answer that stands still', async () => {
    const ended = runDripping(60_000, 5, { standsStill: true });
    await jest.advanceTimersByTimeAsync(25_000);
    expect(await ended).toMatchObject({ error: new ProviderFailure('no_time'), endedAtMs: expect.closeTo(25_000, -1) });
  });

  it('tells what the provider did, when a further attempt has no time', async () => {
    const overloaded = new ProviderFailure('overloaded', { status: 503 });
    let asked = 0;
    const ask = (): Promise<never> => ((asked += 1) === 1 ? Promise.reject(overloaded) : new Promise(() => undefined));
    const ended = attempts().attempts.run(ask, { signal, deadlineMs: clock.monotonicMs() + 30_000 });
    const expected = expect(ended).rejects.toBe(overloaded);
    await jest.advanceTimersByTimeAsync(10_000);
    await expected;
    expect(asked).toBe(2);
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
