import { Injectable } from '@nestjs/common';
import { Lifecycle } from '../monitor/lifecycle.js';
import { Clock } from '../telemetry/clock.js';
import type { ProviderFailure } from './provider-failure.js';

const FIRST_REST_MS = 2_000;
const LONGEST_REST_MS = 60_000;
/** Who tries gets so long before somebody else may. */
const TRY_MS = 15_000;

/**
 * Remembers that the provider is away, so that not every step of every run waits through its own retries. While it
 * rests, steps go to the planner at once; then one caller tries, and its success lets all others through again. Each
 * failed try doubles the rest.
 */
@Injectable()
export class ModelAvailability {
  private awayUntilMs: number | undefined;
  private restMs = FIRST_REST_MS;
  private readonly awayListeners = new Set<() => void>();

  constructor(
    private readonly clock: Clock,
    private readonly lifecycle: Lifecycle,
  ) {}

  /** How long the provider still rests; undefined when it is not away. */
  get restLeftMs(): number | undefined {
    return this.awayUntilMs === undefined ? undefined : Math.max(0, this.awayUntilMs - this.clock.monotonicMs());
  }

  /** Whether a step may ask the provider now. */
  admits(): boolean {
    if (this.awayUntilMs === undefined) return true;
    if (this.clock.monotonicMs() < this.awayUntilMs) return false;
    // This caller tries; the others go on resting until it has an answer.
    this.awayUntilMs = this.clock.monotonicMs() + TRY_MS;
    return true;
  }

  answered(): void {
    this.awayUntilMs = undefined;
    this.restMs = FIRST_REST_MS;
    this.lifecycle.noteBack('model');
  }

  /** A step gave up on the provider. */
  failed({ isProviderWide, retryAfterMs = 0 }: ProviderFailure): void {
    if (!isProviderWide) return;
    const wasAway = this.awayUntilMs !== undefined;
    this.awayUntilMs = this.clock.monotonicMs() + Math.min(LONGEST_REST_MS, Math.max(this.restMs, retryAfterMs));
    this.restMs = Math.min(LONGEST_REST_MS, this.restMs * 2);
    this.lifecycle.noteAway('model');
    if (!wasAway) for (const listener of this.awayListeners) listener();
  }

  onAway(listener: () => void): () => void {
    this.awayListeners.add(listener);
    return () => this.awayListeners.delete(listener);
  }
}
