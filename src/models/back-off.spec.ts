import { describe, expect, it } from '@jest/globals';
import { BackOff } from './back-off.js';
import { ProviderFailure } from './provider-failure.js';

const backOff = (random: number): BackOff => new BackOff({ random: () => random, wait: () => Promise.resolve() });

describe('BackOff', () => {
  it('doubles the pause, with jitter between half and all of it', () => {
    const failure = new ProviderFailure('overloaded');
    expect([1, 2].map((attempt) => backOff(0).pauseMs(failure, attempt))).toEqual([250, 500]);
    expect([1, 2].map((attempt) => backOff(1).pauseMs(failure, attempt))).toEqual([500, 1_000]);
  });

  it('gives up after three attempts, two when they time out', () => {
    expect(backOff(0).pauseMs(new ProviderFailure('cut'), 3)).toBeUndefined();
    expect(backOff(0).pauseMs(new ProviderFailure('timeout'), 2)).toBeUndefined();
  });

  it('gives up at once on what a second try cannot change', () => {
    for (const kind of ['key_refused', 'request_refused', 'empty'] as const) {
      expect(backOff(0).pauseMs(new ProviderFailure(kind), 1)).toBeUndefined();
    }
  });

  it('waits as long as the provider asks, unless that is too long for a user', () => {
    expect(backOff(0).pauseMs(new ProviderFailure('rate_limited', { retryAfterMs: 4_000 }), 1)).toBe(4_000);
    expect(backOff(0).pauseMs(new ProviderFailure('rate_limited', { retryAfterMs: 10 }), 1)).toBe(250);
    expect(backOff(0).pauseMs(new ProviderFailure('rate_limited', { retryAfterMs: 60_000 }), 1)).toBeUndefined();
  });
});
