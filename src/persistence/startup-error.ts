/** The server can't start and says why. The message is one line for people, without a secret; the process prints it and exits with 1. */
export class StartupError extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'StartupError';
  }
}
