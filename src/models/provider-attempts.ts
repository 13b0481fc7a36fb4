import type { Logger } from '../telemetry/logger.js';
import type { Clock } from '../telemetry/clock.js';
import { attemptLimit } from './attempt-limit.js';
import type { BackOff } from './back-off.js';
import { ProviderFailure, providerFailure } from './provider-failure.js';
import { untilAborted } from './until-aborted.js';

/** Silence, or a pause, takes at most this part of the time that the caller has left. */
const SHARE_OF_TIME_LEFT = 1 / 3;
/** An answer that keeps coming may take so many of these parts: cut, its text would be lost. */
const SHARES_FOR_AN_ANSWER = 2;
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

/** Calls `heard` whenever the provider sends something. */
type Ask<T> = (signal: AbortSignal, heard: () => void) => Promise<T>;

/** Calls a provider until it answers: each attempt with its time limit, a pause before the next. */
export class ProviderAttempts {
  constructor(private readonly settings: AttemptSettings) {}

  /**
   * Throws the ProviderFailure of the last attempt that had its time, or the signal's reason as soon as it aborts.
   * Whatever the provider does, the caller has time left to go on without it.
   */
  async run<T>(ask: Ask<T>, limits: AttemptLimits): Promise<T> {
    const { backOff, clock, logger } = this.settings;
    let failure = new ProviderFailure('no_time');
    for (let attempt = 1; this.hasTime(limits); attempt += 1) {
      try {
        return await this.withinTime(ask, limits);
      } catch (error) {
        limits.signal.throwIfAborted();
        const latest = providerFailure(error, clock.now());
        // That a further attempt had no time hides nothing of what the provider did before.
        if (latest.kind !== 'no_time') failure = latest;
        const pauseMs = backOff.pauseMs(latest, attempt);
        // Never the error itself: it carries the prompt and the provider's own words.
        logger.warn('model_call_failed', { kind: latest.kind, status: latest.status, attempt, pause_ms: pauseMs });
        if (pauseMs === undefined || pauseMs > this.shareMs(limits)) break;
        await backOff.wait(pauseMs, limits.signal);
      }
    }
    throw failure;
  }

  private async withinTime<T>(ask: Ask<T>, limits: AttemptLimits): Promise<T> {
    const shareMs = this.shareMs(limits);
    const limit = attemptLimit(limits.signal, {
      timeoutMs: this.settings.timeoutMs,
      silenceMs: shareMs,
      answerMs: shareMs * SHARES_FOR_AN_ANSWER,
    });
    try {
      limit.signal.throwIfAborted();
      return await untilAborted(ask(limit.signal, limit.heard), limit.signal);
    } finally {
      limit.clear();
    }
  }

  private hasTime(limits: AttemptLimits): boolean {
    return this.shareMs(limits) >= Math.min(SHORTEST_ATTEMPT_MS, this.settings.timeoutMs);
  }

  private shareMs({ deadlineMs = Infinity }: AttemptLimits): number {
    return (deadlineMs - this.settings.clock.monotonicMs()) * SHARE_OF_TIME_LEFT;
  }
}
