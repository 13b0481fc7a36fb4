import { GoldenpathError } from './goldenpath-error.js';

/**
 * Values from a producer that does not wait to one consumer that iterates. Bounded: a consumer that falls more than
 * `limit` values behind gets what is queued and then a queue_overflow, never a silent hole.
 */
export class AsyncQueue<T> implements AsyncIterable<T> {
  private readonly values: T[] = [];
  private wake: (() => void) | undefined;
  private over: { error?: GoldenpathError } | undefined;
  private left = false;

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

  [Symbol.asyncIterator](): AsyncIterator<T, void, undefined> {
    const read = this.read();
    return {
      next: () => read.next(),
      // A generator alone would be left only with the next value, and not at all before its first.
      return: () => {
        this.leave();
        return read.return();
      },
    };
  }

  private async *read(): AsyncGenerator<T, void, undefined> {
    try {
      for (;;) {
        const value = this.values.shift();
        if (value !== undefined) yield value;
        else if (this.over === undefined) await this.pushed();
        else if (this.over.error === undefined) return;
        else throw this.over.error;
      }
    } finally {
      this.leave();
    }
  }

  private leave(): void {
    if (this.left) return;
    this.left = true;
    this.end();
    this.values.length = 0;
    this.onReturn();
  }

  private pushed(): Promise<void> {
    return new Promise((resolve) => {
      this.wake = resolve;
    });
  }
}
