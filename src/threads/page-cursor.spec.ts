import { describe, expect, it } from '@jest/globals';
import { decodeCursor, decodeNumberCursor, encodeCursor, pageOf } from './page-cursor.js';

describe('a cursor', () => {
  it('holds a position of its list', () => {
    expect(decodeCursor('threads', encodeCursor('threads', 'abc'))).toBe('abc');
    expect(decodeNumberCursor('messages', encodeCursor('messages', 7))).toBe(7);
  });

  it.each(['', 'junk', '7', encodeCursor('messages', 7), encodeCursor('threads', '')])(
    'is refused by another list: %j',
    (text) => {
      expect(() => decodeCursor('threads', text)).toThrow(expect.objectContaining({ code: 'validation_failed' }));
    },
  );

  it.each(['x', '-1', '1.5', '1e99'])('of a list that counts is a number: %j', (position) => {
    const cursor = encodeCursor('events', position);
    expect(() => decodeNumberCursor('events', cursor)).toThrow(expect.objectContaining({ code: 'validation_failed' }));
  });
});

describe('a page', () => {
  const shape = { item: (row: number) => row * 10, cursor: (row: number) => encodeCursor('events', row) };

  it('has a next one only when a row more than asked for was there', () => {
    expect(pageOf([1, 2, 3], 2, shape)).toEqual({ data: [10, 20], next_cursor: encodeCursor('events', 2) });
    expect(pageOf([1, 2], 2, shape)).toEqual({ data: [10, 20], next_cursor: null });
    expect(pageOf([], 2, shape)).toEqual({ data: [], next_cursor: null });
  });
});
