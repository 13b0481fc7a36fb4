import { Injectable } from '@nestjs/common';
import { Lifecycle } from '../monitor/lifecycle.js';
import { Clock } from '../telemetry/clock.js';
import type { ProviderFailure } from './provider-failure.js';

const FIRST_REST_MS = 2_000;
const LONGEST_REST_MS = 60_000;
/** Who tries gets so long before somebody else may. */
const TRY_MS = 15_000;

/** A call that may ask the provider. It tells how it ended. */
export interface AdmittedCall {
  answered(): void;
  /** A step gave up on the provider. */
  failed(failure: ProviderFailure): void;
}

/**
 * Remembers that the provider is away, so that not every step of every run waits through its own retries. While it
 * rests, steps go to the planner at once; then one caller tries, and its success lets all others through again. Each
 * failed try doubles the rest; calls that were under way when it began, and fail of the same, do not.
 */
@Injectable()
export class ModelAvailability {
  private awayUntilMs: number | undefined;
  private restMs = FIRST_REST_MS;
  private trying: AdmittedCall | undefined;
  private readonly awayListeners = new Set<() => void>();

  constructor(
    private readonly clock: Clock,
    private readonly lifecycle: Lifecycle,
  ) {}

  /** How long the provider still rests; undefined when it is not away. */
  get restLeftMs(): number | undefined {
    return this.awayUntilMs === undefined ? undefined : Math.max(0, this.awayUntilMs - this.clock.monotonicMs());
  }

  /** Lets a step ask the provider; undefined while it rests. */
  admit(): AdmittedCall | undefined {
    const call: AdmittedCall = { answered: () => this.answered(), failed: (failure) => this.failed(call, failure) };
    if (this.awayUntilMs === undefined) return call;
    if (this.clock.monotonicMs() < this.awayUntilMs) return undefined;
    // This caller tries; the others go on resting until it has an answer.
    this.awayUntilMs = this.clock.monotonicMs() + TRY_MS;
    this.trying = call;
    return call;
  }

  onAway(listener: () => void): () => void {
    this.awayListeners.add(listener);
    return () => this.awayListeners.delete(listener);
  }

  private answered(): void {
    this.awayUntilMs = undefined;
    this.trying = undefined;
    this.restMs = FIRST_REST_MS;
    this.lifecycle.noteBack('model');
  }

  private failed(call: AdmittedCall, { isProviderWide, retryAfterMs = 0 }: ProviderFailure): void {
    const nowMs = this.clock.monotonicMs();
    const wasAway = this.awayUntilMs !== undefined;
    const isTry = call === this.trying;
    if (isTry) {
      // Should it have found nothing out, somebody else may try at once.
      this.awayUntilMs = nowMs;
      this.trying = undefined;
    }
    if (!isProviderWide) return;
    const restMs = wasAway && !isTry ? 0 : this.nextRestMs();
    const untilMs = nowMs + Math.min(LONGEST_REST_MS, Math.max(restMs, retryAfterMs));
    this.awayUntilMs = Math.max(untilMs, this.awayUntilMs ?? untilMs);
    this.lifecycle.noteAway('model');
    if (!wasAway) for (const listener of this.awayListeners) listener();
  }

  private nextRestMs(): number {
    const { restMs } = this;
    this.restMs = Math.min(LONGEST_REST_MS, restMs * 2);
    return restMs;
  }
}
