import type { Clock } from '../telemetry/clock.js';
import { SlidingWindow } from './sliding-window.js';

export interface RateLimit {
  /** How many are allowed in the window. */
  readonly limit: number;
  readonly windowMs: number;
}

/** More keys than this are not remembered; the one that was quiet longest is forgotten first. */
const KEYS_MAX = 100_000;

/** How often each key (a user, an address) may do something. */
export class RateLimiter {
  private readonly windows = new Map<string, SlidingWindow>();
  private prunedAtMs = 0;

  constructor(
    private readonly rate: RateLimit,
    private readonly clock: Clock,
  ) {}

  /** Counts one more of the key; answers 0, or how many milliseconds it has to wait (and then it is not counted). */
  take(key: string): number {
    const nowMs = this.clock.monotonicMs();
    const window = this.windowOf(key, nowMs);
    if (window.count(nowMs) >= this.rate.limit) return Math.max(1, window.untilRoomMs(nowMs));
    window.add(nowMs);
    return 0;
  }

  /** Counts one that was let through elsewhere. */
  note(key: string): void {
    const nowMs = this.clock.monotonicMs();
    this.windowOf(key, nowMs).add(nowMs);
  }

  get size(): number {
    return this.windows.size;
  }

  private windowOf(key: string, nowMs: number): SlidingWindow {
    this.prune(nowMs);
    const window = this.windows.get(key) ?? new SlidingWindow(this.rate.windowMs);
    // Taken out and put back, so that the order of the map is the order of use.
    this.windows.delete(key);
    this.windows.set(key, window);
    return window;
  }

  private prune(nowMs: number): void {
    const oldest = this.windows.keys().next();
    if (this.windows.size >= KEYS_MAX && oldest.done !== true) this.windows.delete(oldest.value);
    if (nowMs - this.prunedAtMs < this.rate.windowMs) return;
    this.prunedAtMs = nowMs;
    for (const [key, window] of this.windows) if (window.count(nowMs) === 0) this.windows.delete(key);
  }
}
