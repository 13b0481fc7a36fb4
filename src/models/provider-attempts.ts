import type { Logger } from '../telemetry/logger.js';
import type { Clock } from '../telemetry/clock.js';
import type { BackOff } from './back-off.js';
import { ProviderFailure, providerFailure } from './provider-failure.js';
import { untilAborted } from './until-aborted.js';

/** An attempt, or a pause, takes at most this part of the time that the caller has left. */
const SHARE_OF_TIME_LEFT = 1 / 3;
/** A model that has less time than this is not asked. */
const SHORTEST_ATTEMPT_MS = 2_000;

export interface AttemptSettings {
  readonly timeoutMs: number;
  readonly backOff: BackOff;
  readonly clock: Clock;
  readonly logger: Logger;
}

export interface AttemptLimits {
  readonly signal: AbortSignal;
  /** When the caller's time is over, on the scale of Clock.monotonicMs(). */
  readonly deadlineMs: number | undefined;
}

type Ask<T> = (signal: AbortSignal) => Promise<T>;

/** Calls a provider until it answers: each attempt with its time limit, a pause before the next. */
export class ProviderAttempts {
  constructor(private readonly settings: AttemptSettings) {}

  /**
   * Throws the ProviderFailure of the last attempt, or the signal's reason as soon as it aborts. Whatever the provider
   * does, the caller has time left to go on without it.
   */
  async run<T>(ask: Ask<T>, limits: AttemptLimits): Promise<T> {
    const { backOff, clock, logger } = this.settings;
    let failure = new ProviderFailure('no_time');
    for (let attempt = 1; this.hasTime(limits); attempt += 1) {
      try {
        return await this.withinTime(ask, limits);
      } catch (error) {
        limits.signal.throwIfAborted();
        failure = providerFailure(error, clock.now());
        const pauseMs = backOff.pauseMs(failure, attempt);
        // Never the error itself: it carries the prompt and the provider's own words.
        logger.warn('model_call_failed', { kind: failure.kind, status: failure.status, attempt, pause_ms: pauseMs });
        if (pauseMs === undefined || pauseMs > this.shareMs(limits)) break;
        await backOff.wait(pauseMs, limits.signal);
      }
    }
    throw failure;
  }

  private async withinTime<T>(ask: Ask<T>, limits: AttemptLimits): Promise<T> {
    const { signal } = limits;
    const attempt = new AbortController();
    const timeoutMs = Math.min(this.settings.timeoutMs, this.shareMs(limits));
    const timer = setTimeout(() => attempt.abort(new ProviderFailure('timeout')), timeoutMs);
    const onAbort = (): void => attempt.abort(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      signal.throwIfAborted();
      return await untilAborted(ask(attempt.signal), attempt.signal);
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      // Also stops what an attempt that failed half-way left running.
      attempt.abort();
    }
  }

  private hasTime(limits: AttemptLimits): boolean {
    return this.shareMs(limits) >= Math.min(SHORTEST_ATTEMPT_MS, this.settings.timeoutMs);
  }

  private shareMs({ deadlineMs = Infinity }: AttemptLimits): number {
    return (deadlineMs - this.settings.clock.monotonicMs()) * SHARE_OF_TIME_LEFT;
  }
}
