import { describe, expect, it } from '@jest/globals';
import { version } from 'uuid';
import { Ids, isId, newId } from './ids.js';

/** More than are made of one portion of random bytes. */
const COUNT = 5_000;

describe('isId', () => {
  it('knows an id as it was made, and nothing that is only like one', () => {
    const id = newId();
    expect([id, `${id.slice(0, -1)}A`, `${id} `, '', 7].map(isId)).toEqual([true, false, false, false, false]);
  });
});

describe('Ids', () => {
  it('makes UUIDs of version 7 that grow and never repeat', () => {
    const ids = new Ids();
    const made = Array.from({ length: COUNT }, () => ids.next());
    expect(made.every((id) => isId(id) && version(id) === 7)).toBe(true);
    expect(made).toEqual([...made].sort());
    expect(new Set(made).size).toBe(COUNT);
  });

  it('makes ids that share no random part, and say when they were made', () => {
    const ids = new Ids();
    const before = Date.now();
    const made = Array.from({ length: COUNT }, () => ids.next());
    expect(new Set(made.map((id) => id.slice(-12))).size).toBe(COUNT);
    const madeMs = Number.parseInt((made[0] ?? '').replaceAll('-', '').slice(0, 12), 16);
    expect(madeMs).toBeGreaterThanOrEqual(before);
    expect(madeMs).toBeLessThanOrEqual(Date.now());
  });
});
