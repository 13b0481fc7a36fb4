import { describe, expect, it } from '@jest/globals';
import { reconnectDelayMs } from './reconnect-delay.js';

describe('the delay before a reconnect', () => {
  it.each([
    [0, 0, 125],
    [0, 0.999, 250],
    [3, 0, 1000],
    [20, 0, 15_000],
    [20, 0.999, 29_985],
    [2000, 0, 15_000],
  ])('after %i losses in a row with random %f is %i ms', (attempt, random, expected) => {
    expect(reconnectDelayMs({ policy: 'resume', attempt, retryAfterMs: 0 }, () => random)).toBe(expected);
  });

  it('is longer when the server asked for less, and never shorter than it asked for', () => {
    expect(reconnectDelayMs({ policy: 'back_off', attempt: 0, retryAfterMs: 0 }, () => 0)).toBe(2500);
    expect(reconnectDelayMs({ policy: 'resume', attempt: 0, retryAfterMs: 7000 }, () => 0)).toBe(7000);
  });
});
