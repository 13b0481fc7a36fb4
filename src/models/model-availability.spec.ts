import { describe, expect, it } from '@jest/globals';
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
  return { clock, availability: new ModelAvailability(clock) };
}

describe('ModelAvailability', () => {
  it('lets a provider that failed rest, then lets one step try', () => {
    const { clock, availability: provider } = availability();
    provider.failed(new ProviderFailure('unreachable'));
    expect([provider.isAway, provider.admits()]).toEqual([true, false]);
    clock.ms = 15_000;
    expect([provider.admits(), provider.admits()]).toEqual([true, false]);
    provider.answered();
    expect([provider.isAway, provider.admits(), provider.admits()]).toEqual([false, true, true]);
  });

  it('lets another step try when the one that tried never came back', () => {
    const { clock, availability: provider } = availability();
    provider.failed(new ProviderFailure('timeout'));
    clock.ms = 15_000;
    provider.admits();
    clock.ms = 30_000;
    expect(provider.admits()).toBe(true);
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
