import type { Clock } from './clock.js';

/** A clock that stands still until it is told. */
export class FakeClock implements Clock {
  private now = 0;
  private timers: { dueMs: number; call: () => void }[] = [];

  nowMs(): number {
    return this.now;
  }

  after(delayMs: number, call: () => void): () => void {
    const timer = { dueMs: this.now + delayMs, call };
    this.timers.push(timer);
    return () => {
      this.timers = this.timers.filter((other) => other !== timer);
    };
  }

  /** Timers not called yet; what is left over at the end of a test was forgotten. */
  get waiting(): number {
    return this.timers.length;
  }

  advance(byMs: number): void {
    const untilMs = this.now + byMs;
    for (;;) {
      const [next] = this.timers.filter((timer) => timer.dueMs <= untilMs).sort((a, b) => a.dueMs - b.dueMs);
      if (next === undefined) break;
      this.timers = this.timers.filter((timer) => timer !== next);
      this.now = next.dueMs;
      next.call();
    }
    this.now = untilMs;
  }
}
