/** Settles as the work does, or rejects with the signal's reason at once, whether or not the work listens to it. */
export async function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  let wake = (): void => undefined;
  const aborted = new Promise<void>((resolve) => {
    wake = resolve;
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', wake, { once: true });
  });
  try {
    return await Promise.race([work, aborted.then(() => raise(signal))]);
  } finally {
    signal.removeEventListener('abort', wake);
    // What comes of abandoned work later interests nobody, and must not end the process.
    work.catch(() => undefined);
  }
}

function raise(signal: AbortSignal): never {
  signal.throwIfAborted();
  throw new Error('The signal has not aborted.');
}
