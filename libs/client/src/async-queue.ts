import { GoldenpathError } from './goldenpath-error.js';

/**
 * Values from a producer that does not wait to one consumer that iterates. Bounded: a consumer that falls more than
 * `limit` values behind gets what is queued and then a queue_overflow, never a silent hole.
 */
export class AsyncQueue<T> implements AsyncIterable<T> {
  private readonly values: T[] = [];
  private wake: (() => void) | undefined;
  private over: { error?: GoldenpathError } | undefined;

  constructor(
    private readonly limit: number,
    private readonly onReturn: () => void = () => undefined,
  ) {}

  push(value: T): void {
    if (this.over !== undefined) return;
    if (this.values.length >= this.limit) {
      this.fail(new GoldenpathError('queue_overflow', `The reader is more than ${this.limit} events behind`));
      return;
    }
    this.values.push(value);
    this.wake?.();
  }

  end(): void {
    this.over ??= {};
    this.wake?.();
  }

  fail(error: GoldenpathError): void {
    this.over ??= { error };
    this.wake?.();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T, void, undefined> {
    try {
      for (;;) {
        const value = this.values.shift();
        if (value !== undefined) yield value;
        else if (this.over === undefined) await this.pushed();
        else if (this.over.error === undefined) return;
        else throw this.over.error;
      }
    } finally {
      this.end();
      this.values.length = 0;
      this.onReturn();
    }
  }

  private pushed(): Promise<void> {
    return new Promise((resolve) => {
      this.wake = resolve;
    });
  }
}
