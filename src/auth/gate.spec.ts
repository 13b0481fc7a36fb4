import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { Gate } from './gate.js';

interface Work {
  readonly done: Promise<number>;
  finish(): void;
}

function open(gate: Gate, started: number[], index: number): Work {
  let finish = (): void => undefined;
  const finished = new Promise<void>((resolve) => (finish = resolve));
  const done = gate.run(async () => {
    started.push(index);
    await finished;
    return index;
  });
  return { done, finish };
}

describe('a gate', () => {
  it('lets so many through at a time, in order, and the next when one is done', async () => {
    const started: number[] = [];
    const gate = new Gate({ concurrent: 2, waiting: 10 });
    const works = [0, 1, 2, 3].map((index) => open(gate, started, index));
    await turn();
    expect(started).toEqual([0, 1]);
    works[1]?.finish();
    await works[1]?.done;
    await turn();
    expect(started).toEqual([0, 1, 2]);
    works.forEach((work) => work.finish());
    expect(await Promise.all(works.map((work) => work.done))).toEqual([0, 1, 2, 3]);
  });

  it('refuses who would wait behind too many, and admits again later', async () => {
    const started: number[] = [];
    const gate = new Gate({ concurrent: 1, waiting: 1 });
    const works = [open(gate, started, 0), open(gate, started, 1)];
    await expect(gate.run(() => Promise.resolve(2))).rejects.toMatchObject({
      code: 'service_unavailable',
      retryAfterMs: 1000,
    });
    works.forEach((work) => work.finish());
    await Promise.all(works.map((work) => work.done));
    expect(await gate.run(() => Promise.resolve(3))).toBe(3);
  });

  it('passes a failure on and frees the place', async () => {
    const gate = new Gate({ concurrent: 1, waiting: 0 });
    await expect(gate.run(() => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
    expect(await gate.run(() => Promise.resolve(1))).toBe(1);
  });
});
