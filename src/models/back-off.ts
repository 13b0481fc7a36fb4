import type { ProviderFailure } from './provider-failure.js';

const MAX_ATTEMPTS = 3;
/** A call that timed out has already cost its full time. */
const MAX_ATTEMPTS_AFTER_TIMEOUT = 2;
const FIRST_PAUSE_MS = 500;
/** A provider that wants a longer pause than this is not waited for: the planner answers sooner. */
const LONGEST_PAUSE_MS = 20_000;

export interface BackOffSources {
  /** 0 ≤ x < 1 */
  readonly random: () => number;
  /** Rejects with the signal's reason as soon as it aborts. */
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** Whether and how long to wait before a model is asked again: exponential, with jitter, never shorter than the provider asks. */
export class BackOff {
  constructor(private readonly sources: BackOffSources) {}

  /** undefined: give up. `attempt` counts from 1. */
  pauseMs({ kind, retryable, retryAfterMs = 0 }: ProviderFailure, attempt: number): number | undefined {
    const attempts = kind === 'timeout' ? MAX_ATTEMPTS_AFTER_TIMEOUT : MAX_ATTEMPTS;
    if (!retryable || attempt >= attempts || retryAfterMs > LONGEST_PAUSE_MS) return undefined;
    const exponentialMs = FIRST_PAUSE_MS * 2 ** (attempt - 1);
    return Math.max(retryAfterMs, Math.round(exponentialMs * (0.5 + this.sources.random() / 2)));
  }

  wait(ms: number, signal: AbortSignal): Promise<void> {
    return this.sources.wait(ms, signal);
  }
}
