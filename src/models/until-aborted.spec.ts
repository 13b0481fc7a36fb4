import { describe, expect, it } from '@jest/globals';
import { untilAborted } from './until-aborted.js';

describe('untilAborted', () => {
  it('settles as the work does', async () => {
    const { signal } = new AbortController();
    await expect(untilAborted(Promise.resolve(1), signal)).resolves.toBe(1);
    await expect(untilAborted(Promise.reject(new Error('failed')), signal)).rejects.toThrow('failed');
  });

  it('rejects with the very reason, at once, and swallows what the work does later', async () => {
    const controller = new AbortController();
    const reason = { code: 'cancelled' };
    let fail = (): void => undefined;
    const work = new Promise<never>((_, reject) => {
      fail = () => reject(new Error('too late'));
    });
    const waiting = untilAborted(work, controller.signal);
    controller.abort(reason);
    await expect(waiting).rejects.toBe(reason);
    fail();
  });

  it('leaves no listener behind', async () => {
    const { signal } = new AbortController();
    let listeners = 0;
    const add = signal.addEventListener.bind(signal);
    const remove = signal.removeEventListener.bind(signal);
    signal.addEventListener = (...args: Parameters<typeof add>) => {
      listeners += 1;
      add(...args);
    };
    signal.removeEventListener = (...args: Parameters<typeof remove>) => {
      listeners -= 1;
      remove(...args);
    };
    await untilAborted(Promise.resolve(), signal);
    expect(listeners).toBe(0);
  });
});
