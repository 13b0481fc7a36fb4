import { describe, expect, it } from '@jest/globals';
import { loadConfiguration } from '../config/load-configuration.js';
import { SharedSpending } from '../events/shared-spending.js';
import { Clock } from '../telemetry/clock.js';
import { MessageRate, type Traffic } from './message-rate.js';

class HandClock extends Clock {
  nowMs = 1_000_000;
  override monotonicMs(): number {
    return this.nowMs;
  }
}

function setUp(messagesPerMinute: number) {
  const clock = new HandClock();
  const rate = new MessageRate(
    loadConfiguration({ NODE_ENV: 'test', MESSAGES_PER_MINUTE: String(messagesPerMinute) }),
    clock,
    new SharedSpending(),
  );
  const taken = (userId: string, times: number, traffic: Traffic = 'message'): number => {
    let accepted = 0;
    for (let count = 0; count < times; count += 1) {
      try {
        rate.take(userId, traffic);
        accepted += 1;
      } catch (error) {
        expect(error).toMatchObject({ code: 'rate_limited' });
      }
    }
    return accepted;
  };
  return { clock, rate, taken };
}

describe('the rate of messages', () => {
  it('is limited for each user apart, and says when to try again', () => {
    const { rate, taken } = setUp(5);
    expect([taken('ann', 8), taken('bob', 3)]).toEqual([5, 3]);
    expect(() => rate.take('ann', 'message')).toThrow(
      expect.objectContaining({ code: 'rate_limited', retryAfterMs: 60_000 }),
    );
  });

  it('has room again after a minute', () => {
    const { clock, taken } = setUp(5);
    taken('ann', 5);
    clock.nowMs += 60_000;
    expect(taken('ann', 8)).toBe(5);
  });

  it('lets more through of what costs less', () => {
    const { taken } = setUp(5);
    expect([taken('ann', 1000, 'command'), taken('ann', 1000, 'frame')]).toEqual([50, 500]);
  });

  it('is flooding when a user goes on over the limit for a minute, not after a pause', () => {
    const { clock, rate, taken } = setUp(5);
    for (let second = 0; second <= 60; second += 1) {
      expect(rate.isFlooding('ann')).toBe(false);
      taken('ann', 10);
      clock.nowMs += 1000;
    }
    expect(rate.isFlooding('ann')).toBe(true);
    clock.nowMs += 61_000;
    taken('ann', 10);
    expect(rate.isFlooding('ann')).toBe(false);
  });
});
