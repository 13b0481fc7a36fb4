import { describe, expect, it } from '@jest/globals';
import { Lifecycle } from '../monitor/lifecycle.js';
import { Clock } from '../telemetry/clock.js';
import { ModelAvailability, type AdmittedCall } from './model-availability.js';
import { ProviderFailure } from './provider-failure.js';

class SetClock extends Clock {
  ms = 0;
  override monotonicMs(): number {
    return this.ms;
  }
}

/** The call of a step that is let through. */
function admitted(provider: ModelAvailability): AdmittedCall {
  const call = provider.admit();
  if (call === undefined) throw new Error('The provider rests.');
  return call;
}

function availability() {
  const clock = new SetClock();
  const lifecycle = new Lifecycle(clock);
  return { clock, lifecycle, availability: new ModelAvailability(clock, lifecycle) };
}

describe('ModelAvailability', () => {
  it('lets a provider that failed rest, then lets one step try', () => {
    const { clock, lifecycle, availability: provider } = availability();
    admitted(provider).failed(new ProviderFailure('unreachable'));
    expect([lifecycle.mode, lifecycle.degraded, provider.admit()]).toEqual(['degraded', ['model'], undefined]);
    clock.ms = 2_000;
    const call = admitted(provider);
    expect(provider.admit()).toBeUndefined();
    call.answered();
    expect(lifecycle.mode).toBe('full');
    admitted(provider);
    admitted(provider);
  });

  it('lets another step try when the one that tried never came back', () => {
    const { clock, availability: provider } = availability();
    admitted(provider).failed(new ProviderFailure('timeout'));
    clock.ms = 2_000;
    const lost = admitted(provider);
    clock.ms = 17_000;
    admitted(provider);
    lost.failed(new ProviderFailure('timeout'));
    expect(provider.restLeftMs).toBe(15_000);
  });

  it('lets another step try at once when a try said nothing of the provider', () => {
    const { clock, availability: provider } = availability();
    admitted(provider).failed(new ProviderFailure('timeout'));
    clock.ms = 2_000;
    admitted(provider).failed(new ProviderFailure('no_time'));
    admitted(provider);
    expect(provider.admit()).toBeUndefined();
  });

  it('rests longer after each failed try, and tells once that it is away', () => {
    const { clock, availability: provider } = availability();
    let told = 0;
    provider.onAway(() => (told += 1));
    const rests = [1, 2, 3, 4, 5, 6, 7].map(() => {
      admitted(provider).failed(new ProviderFailure('overloaded'));
      const restMs = provider.restLeftMs ?? 0;
      clock.ms += restMs;
      return restMs;
    });
    expect([rests, told]).toEqual([[2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000], 1]);
    admitted(provider).answered();
    expect(provider.restLeftMs).toBeUndefined();
    admitted(provider).failed(new ProviderFailure('overloaded'));
    expect([provider.restLeftMs, told]).toEqual([2_000, 2]);
  });

  it('rests no longer because many calls met the same failure', () => {
    const { clock, availability: provider } = availability();
    const calls = Array.from({ length: 6 }, () => admitted(provider));
    for (const call of calls.slice(0, 5)) call.failed(new ProviderFailure('overloaded', { status: 503 }));
    expect(provider.restLeftMs).toBe(2_000);
    clock.ms = 2_000;
    const tried = admitted(provider);
    calls[5]?.failed(new ProviderFailure('overloaded', { status: 503 }));
    expect(provider.restLeftMs).toBe(15_000);
    tried.failed(new ProviderFailure('overloaded', { status: 503 }));
    expect(provider.restLeftMs).toBe(4_000);
  });

  it('rests as long as the provider asks, up to a minute', () => {
    const { clock, availability: provider } = availability();
    const [first, second, third] = [admitted(provider), admitted(provider), admitted(provider)];
    first.failed(new ProviderFailure('overloaded'));
    second.failed(new ProviderFailure('rate_limited', { retryAfterMs: 3_600_000 }));
    third.failed(new ProviderFailure('rate_limited', { retryAfterMs: 5_000 }));
    clock.ms = 59_999;
    expect(provider.admit()).toBeUndefined();
    clock.ms = 60_000;
    admitted(provider);
  });

  it('goes on after failures of one request alone', () => {
    const { availability: provider } = availability();
    admitted(provider).failed(new ProviderFailure('request_refused', { status: 400 }));
    admitted(provider).failed(new ProviderFailure('empty'));
    admitted(provider);
  });
});
