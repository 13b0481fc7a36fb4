import { describe, expect, it } from '@jest/globals';
import { Clock } from '../telemetry/clock.js';
import { AddressLimit } from './address-limit.js';

class StoppedClock extends Clock {
  nowMs = 0;

  override monotonicMs(): number {
    return this.nowMs;
  }
}

function limitOf(perMinute: number) {
  const clock = new StoppedClock();
  const limit = new AddressLimit(perMinute, clock);
  const passed = (address: string, calls: number) =>
    Array.from({ length: calls }, () => limit.take(address)).filter((ms) => ms === 0).length;
  return { clock, limit, passed };
}

describe('a limit by address', () => {
  it.each([1, 3, 7, 300, 1_000_000])('lets %i a minute through, at once if they come at once', (perMinute) => {
    const { passed } = limitOf(perMinute);
    expect(passed('a', Math.min(perMinute, 1000) + 5)).toBe(perMinute > 1000 ? 1005 : perMinute);
  });

  it('says how long to wait, and keeps its word', () => {
    const { clock, limit, passed } = limitOf(3);
    passed('a', 3);
    expect(limit.take('a')).toBe(20_000);
    clock.nowMs += 19_998;
    expect(limit.take('a')).toBe(2);
    clock.nowMs += 2;
    expect(limit.take('a')).toBe(0);
    expect(limit.take('a')).toBe(20_000);
  });

  it('is whole again after a quiet minute, and no more than whole after an hour', () => {
    const { clock, passed } = limitOf(3);
    passed('a', 10);
    clock.nowMs += 60_000;
    expect(passed('a', 10)).toBe(3);
    clock.nowMs += 3_600_000;
    expect(passed('a', 10)).toBe(3);
  });

  it('counts each address for itself', () => {
    const { passed } = limitOf(2);
    expect([passed('a', 5), passed('b', 5)]).toEqual([2, 2]);
  });

  it('remembers a bounded number of addresses, those that called last', () => {
    const { limit, passed } = limitOf(1);
    passed('first', 1);
    for (let index = 0; index < 49_999; index += 1) limit.take(`${index}`);
    expect(limit.take('first')).toBeGreaterThan(0);
    limit.take('one more');
    expect(limit.take('first')).toBe(0);
  });
});
