import { ProviderFailure } from './provider-failure.js';

/** A provider that is well has begun to answer by then. Less silence may be a slow model, and says nothing of others' calls. */
const TELLING_SILENCE_MS = 15_000;

export interface AttemptTimes {
  /** The longest that a call may take. */
  readonly timeoutMs: number;
  /** What this caller can spare for silence, before the answer and within it. */
  readonly silenceMs: number;
  /** What this caller can spare for an answer that keeps coming. */
  readonly answerMs: number;
}

/** The time limit of one attempt. `signal` aborts with the caller's reason, or with a ProviderFailure. */
export interface AttemptLimit {
  readonly signal: AbortSignal;
  /** The provider sent something: the silence begins anew. */
  readonly heard: () => void;
  /** Must be called when the attempt is over; also stops what one that failed half-way left running. */
  readonly clear: () => void;
}

/**
 * A `timeout` is the provider's: it sent nothing at all for long, or for as long as a call may take. When it is the
 * caller that has too little time, or the answer that is too long, there is `no_time`.
 */
export function attemptLimit(caller: AbortSignal, times: AttemptTimes): AttemptLimit {
  const controller = new AbortController();
  const { timeoutMs } = times;
  const silenceMs = Math.min(timeoutMs, times.silenceMs);
  let kind: 'timeout' | 'no_time' = silenceMs < Math.min(timeoutMs, TELLING_SILENCE_MS) ? 'no_time' : 'timeout';
  const stop = (): void => controller.abort(new ProviderFailure(kind));
  const silence = setTimeout(stop, silenceMs);
  const answer = setTimeout(stop, Math.min(timeoutMs, times.answerMs));
  const onAbort = (): void => controller.abort(caller.reason);
  caller.addEventListener('abort', onAbort, { once: true });
  if (caller.aborted) onAbort();
  return {
    signal: controller.signal,
    heard: () => {
      // A part may come late, from a provider that ignores the signal; nothing must wait for it then.
      if (controller.signal.aborted) return;
      kind = 'no_time';
      silence.refresh();
    },
    clear: () => {
      clearTimeout(silence);
      clearTimeout(answer);
      caller.removeEventListener('abort', onAbort);
      controller.abort();
    },
  };
}
