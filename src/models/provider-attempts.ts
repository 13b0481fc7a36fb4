import type { Logger } from '../telemetry/logger.js';
import type { Clock } from '../telemetry/clock.js';
import type { BackOff } from './back-off.js';
import { ProviderFailure, providerFailure } from './provider-failure.js';
import { untilAborted } from './until-aborted.js';

export interface AttemptSettings {
  readonly timeoutMs: number;
  readonly backOff: BackOff;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Calls a provider until it answers: each attempt with its time limit, a pause before the next. */
export class ProviderAttempts {
  constructor(private readonly settings: AttemptSettings) {}

  /** Throws the ProviderFailure of the last attempt, or the signal's reason as soon as it aborts. */
  async run<T>(ask: (signal: AbortSignal) => Promise<T>, signal: AbortSignal): Promise<T> {
    const { backOff, clock, logger } = this.settings;
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.withinTime(ask, signal);
      } catch (error) {
        signal.throwIfAborted();
        const failure = providerFailure(error, clock.now());
        const pauseMs = backOff.pauseMs(failure, attempt);
        // Never the error itself: it carries the prompt and the provider's own words.
        logger.warn('model_call_failed', { kind: failure.kind, status: failure.status, attempt, pause_ms: pauseMs });
        if (pauseMs === undefined) throw failure;
        await backOff.wait(pauseMs, signal);
      }
    }
  }

  private async withinTime<T>(ask: (signal: AbortSignal) => Promise<T>, signal: AbortSignal): Promise<T> {
    const attempt = new AbortController();
    const timer = setTimeout(() => attempt.abort(new ProviderFailure('timeout')), this.settings.timeoutMs);
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
}
