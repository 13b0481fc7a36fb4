import type { Clock } from '../telemetry/clock.js';

const MINUTE_MS = 60_000;
/** Addresses that are remembered at the same time; the one that was quiet for longest is forgotten first. */
const ADDRESSES_MAX = 50_000;

/**
 * So many calls a minute from one address, in memory: as many at once, then at an even pace (the generic cell rate algorithm, which
 * keeps one number an address whatever the limit).
 */
export class AddressLimit {
  /** By address: when the calls so far would be paid off at the even pace, ms of the monotonic clock. Longest quiet first. */
  private readonly paidOffAtMs = new Map<string, number>();

  constructor(
    private readonly perMinute: number,
    private readonly clock: Clock,
  ) {}

  /** Counts a call. Answers 0 when it may pass, else in how many milliseconds the next one may. */
  take(address: string): number {
    const nowMs = this.clock.monotonicMs();
    const paidOffMs = Math.max(this.paidOffAtMs.get(address) ?? nowMs, nowMs) + MINUTE_MS / this.perMinute;
    const overMs = paidOffMs - nowMs - MINUTE_MS;
    // A fraction of a millisecond is rounding, not a call too many.
    if (overMs >= 1) return Math.ceil(overMs);
    this.paidOffAtMs.delete(address);
    this.paidOffAtMs.set(address, paidOffMs);
    this.forgetOldest();
    return 0;
  }

  private forgetOldest(): void {
    const [oldest] = this.paidOffAtMs.keys();
    if (this.paidOffAtMs.size > ADDRESSES_MAX && oldest !== undefined) this.paidOffAtMs.delete(oldest);
  }
}
