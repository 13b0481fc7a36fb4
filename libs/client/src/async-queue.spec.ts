import { describe, expect, it } from '@jest/globals';
import { AsyncQueue } from './async-queue.js';
import { GoldenpathError } from './goldenpath-error.js';

async function collect<T>(queue: AsyncQueue<T>): Promise<T[]> {
  const values: T[] = [];
  for await (const value of queue) values.push(value);
  return values;
}

describe('AsyncQueue', () => {
  it('gives what came before the reader and what comes while it waits, in order', async () => {
    const queue = new AsyncQueue<number>(10);
    queue.push(1);
    const values = collect(queue);
    queue.push(2);
    await Promise.resolve();
    queue.push(3);
    queue.end();
    expect(await values).toEqual([1, 2, 3]);
  });

  it('takes nothing after its end, and the first end counts', async () => {
    const queue = new AsyncQueue<number>(10);
    queue.end();
    queue.push(1);
    queue.fail(new GoldenpathError('client_closed', ''));
    expect(await collect(queue)).toEqual([]);
  });

  it('tells when its reader leaves, and keeps nothing', async () => {
    let left = 0;
    const queue = new AsyncQueue<number>(10, () => (left += 1));
    queue.push(1);
    queue.push(2);
    for await (const value of queue) if (value === 1) break;
    expect(left).toBe(1);
    expect(await collect(queue)).toEqual([]);
  });

  it('can be left before the first value, and while one is waited for', async () => {
    let left = 0;
    const unread = new AsyncQueue<number>(1, () => (left += 1));
    await unread[Symbol.asyncIterator]().return?.();
    expect(left).toBe(1);
    const reader = new AsyncQueue<number>(1)[Symbol.asyncIterator]();
    const next = reader.next();
    await reader.return?.();
    expect(await next).toEqual({ done: true, value: undefined });
  });
});
