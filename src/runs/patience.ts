/** A part that a message needs and that isn't ready gets so many further chances, so far apart ([DG4]). */
const WAITS = 3;
const WAIT_MS = 500;

export interface Patience {
  /** Whether this error may be over in a moment. Told of each, before the wait. */
  readonly isPassing: (error: unknown) => boolean;
  readonly signal?: AbortSignal;
}

/**
 * Does the work, again after a pause while what is in its way may pass. Rejects with the last error, or with the
 * signal's reason as soon as it aborts between two tries.
 */
export async function withPatience<Result>(
  work: (attempt: number) => Promise<Result>,
  { isPassing, signal }: Patience,
): Promise<Result> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work(attempt);
    } catch (error) {
      if (!isPassing(error) || attempt > WAITS) throw error;
    }
    await pause(signal);
    signal?.throwIfAborted();
  }
}

function pause(signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, WAIT_MS);
    signal?.addEventListener('abort', end, { once: true });
  });
}
