import { Injectable } from '@nestjs/common';
import { Clock } from '../telemetry/clock.js';
import type { ProviderFailure } from './provider-failure.js';

const REST_MS = 15_000;
const LONGEST_REST_MS = 60_000;

/**
 * Remembers that the provider is away, so that not every step of every run waits through its own retries. While it
 * rests, steps go to the planner at once; then one step tries, and its success lets all others through again.
 */
@Injectable()
export class ModelAvailability {
  private awayUntilMs: number | undefined;

  constructor(private readonly clock: Clock) {}

  get isAway(): boolean {
    return this.awayUntilMs !== undefined;
  }

  /** Whether a step may ask the provider now. */
  admits(): boolean {
    if (this.awayUntilMs === undefined) return true;
    if (this.clock.monotonicMs() < this.awayUntilMs) return false;
    // This caller tries; the others go on resting until it has an answer.
    this.awayUntilMs = this.clock.monotonicMs() + REST_MS;
    return true;
  }

  answered(): void {
    this.awayUntilMs = undefined;
  }

  /** A step gave up on the provider. */
  failed({ isProviderWide, retryAfterMs = 0 }: ProviderFailure): void {
    if (!isProviderWide) return;
    this.awayUntilMs = this.clock.monotonicMs() + Math.min(LONGEST_REST_MS, Math.max(REST_MS, retryAfterMs));
  }
}
