import type { AppError } from '../errors/app-error.js';

/** Work with a time limit. `signal` aborts with the parent's reason or, when the time is over, with `onTimeout()`. */
export interface Deadline {
  readonly signal: AbortSignal;
  /** Rejects as soon as the signal aborts, even when the work ignores it. */
  race<Result>(work: Promise<Result>): Promise<Result>;
  /** Ends the work before its time. */
  stop(reason: Error): void;
  /** Must be called when the work is over: takes timer and listener away. */
  clear(): void;
}

export function deadline(parent: AbortSignal, timeoutMs: number, onTimeout: () => AppError): Deadline {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(onTimeout()), timeoutMs);
  const onParentAbort = (): void => controller.abort(parent.reason);
  if (parent.aborted) onParentAbort();
  else parent.addEventListener('abort', onParentAbort, { once: true });
  return {
    signal: controller.signal,
    race: (work) => raceAbort(work, controller.signal),
    stop: (reason) => controller.abort(reason),
    clear: () => {
      clearTimeout(timer);
      parent.removeEventListener('abort', onParentAbort);
    },
  };
}

function raceAbort<Result>(work: Promise<Result>, signal: AbortSignal): Promise<Result> {
  return new Promise<Result>((resolve, reject) => {
    const abort = (): void => reject(reasonOf(signal));
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}

const reasonOf = (signal: AbortSignal): Error =>
  signal.reason instanceof Error ? signal.reason : new Error(String(signal.reason));
