import { describe, expect, it } from '@jest/globals';
import { SlidingWindow } from './sliding-window.js';

describe('a sliding window', () => {
  it('counts what happened in it, and nothing older', () => {
    const window = new SlidingWindow(60_000);
    window.add(1_000_000);
    window.add(1_030_000);
    expect(window.count(1_059_000)).toBe(2);
    expect(window.count(1_060_000)).toBe(1);
    expect(window.count(1_090_000)).toBe(0);
  });

  it('says when there will be room', () => {
    const window = new SlidingWindow(60_000);
    expect(window.untilRoomMs(5)).toBe(0);
    window.add(1_000_000);
    window.add(1_030_000);
    expect(window.untilRoomMs(1_040_000)).toBe(20_000);
    expect(window.count(1_040_000 + 20_000)).toBe(1);
  });

  it('forgets everything after a long silence', () => {
    const window = new SlidingWindow(60_000);
    for (let ms = 0; ms < 60_000; ms += 100) window.add(ms);
    expect(window.count(59_999)).toBe(600);
    expect(window.count(10_000_000)).toBe(0);
  });
});
