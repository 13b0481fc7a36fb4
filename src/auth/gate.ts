import { AppError } from '../errors/app-error.js';

export interface GateLimits {
  /** How many works run at the same time. */
  readonly concurrent: number;
  /** How many more may wait; the next one is refused. */
  readonly waiting: number;
}

const RETRY_AFTER_MS = 1000;

/** Lets a bounded number of works through at a time, in order of arrival. Throws AppError service_unavailable when too many wait. */
export class Gate {
  private running = 0;
  private readonly line: (() => void)[] = [];

  constructor(private readonly limits: GateLimits) {}

  async run<Result>(work: () => Promise<Result>): Promise<Result> {
    await this.enter();
    try {
      return await work();
    } finally {
      this.leave();
    }
  }

  private enter(): Promise<void> | undefined {
    if (this.running < this.limits.concurrent) {
      this.running += 1;
      return undefined;
    }
    if (this.line.length >= this.limits.waiting) {
      throw new AppError('service_unavailable', 'Too many sign-ins at the same time; try again.', {
        retryAfterMs: RETRY_AFTER_MS,
      });
    }
    return new Promise((resolve) => this.line.push(resolve));
  }

  /** The place goes from one to the next, so `running` changes only when nobody waits. */
  private leave(): void {
    const next = this.line.shift();
    if (next === undefined) this.running -= 1;
    else next();
  }
}
