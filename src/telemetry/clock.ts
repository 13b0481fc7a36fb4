import { Injectable } from '@nestjs/common';

/** The one source of time. Tests put a fake in its place. */
@Injectable()
export class Clock {
  now(): Date {
    return new Date();
  }

  /** Milliseconds of a monotonic clock: for durations, unaffected by changes of the wall clock. */
  monotonicMs(): number {
    return performance.now();
  }

  /** Now as the wire writes it: ISO 8601, UTC, milliseconds. */
  timestamp(): string {
    return this.now().toISOString();
  }
}
