import { describe, expect, it } from '@jest/globals';
import { Lifecycle } from '../monitor/lifecycle.js';
import { Clock } from '../telemetry/clock.js';
import { ModelAvailability } from './model-availability.js';
import { ProviderFailure } from './provider-failure.js';

class SetClock extends Clock {
  ms = 0;
  override monotonicMs(): number {
    return this.ms;
  }
}

function availability() {
  const clock = new SetClock();
  const lifecycle = new Lifecycle(clock);
  return { clock, lifecycle, availability: new ModelAvailability(clock, lifecycle) };
}

describe('ModelAvailability', () => {
  it('lets a provider that failed rest, then lets one step try', () => {
    const { clock, lifecycle, availability: provider } = availability();
    provider.failed(new ProviderFailure('unreachable'));
    expect([lifecycle.mode, lifecycle.degraded, provider.admits()]).toEqual(['degraded', ['model'], false]);
    clock.ms = 2_000;
    expect([provider.admits(), provider.admits()]).toEqual([true, false]);
    provider.answered();
    expect([lifecycle.mode, provider.admits(), provider.admits()]).toEqual(['full', true, true]);
  });

  it('lets another step try when the one that tried never came back', () => {
    const { clock, availability: provider } = availability();
    provider.failed(new ProviderFailure('timeout'));
    clock.ms = 2_000;
    provider.admits();
    clock.ms = 17_000;
    expect(provider.admits()).toBe(true);
  });

  it('rests longer after each failed try, and tells once that it is away', () => {
    const { clock, availability: provider } = availability();
    let told = 0;
    provider.onAway(() => (told += 1));
    const rests = [1, 2, 3, 4, 5, 6, 7].map(() => {
      provider.failed(new ProviderFailure('overloaded'));
      const restMs = provider.restLeftMs ?? 0;
      clock.ms += restMs;
      return restMs;
    });
    expect([rests, told]).toEqual([[2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000], 1]);
    provider.answered();
    expect(provider.restLeftMs).toBeUndefined();
    provider.failed(new ProviderFailure('overloaded'));
    expect([provider.restLeftMs, told]).toEqual([2_000, 2]);
  });

  it('rests as long as the provider asks, up to a minute', () => {
    const { clock, availability: provider } = availability();
    provider.failed(new ProviderFailure('rate_limited', { retryAfterMs: 3_600_000 }));
    clock.ms = 59_999;
    expect(provider.admits()).toBe(false);
    clock.ms = 60_000;
    expect(provider.admits()).toBe(true);
  });

  it('goes on after failures of one request alone', () => {
    const { availability: provider } = availability();
    provider.failed(new ProviderFailure('request_refused', { status: 400 }));
    provider.failed(new ProviderFailure('empty'));
    expect(provider.admits()).toBe(true);
  });
});
