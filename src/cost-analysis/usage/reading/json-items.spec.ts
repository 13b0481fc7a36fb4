import { describe, expect, it } from '@jest/globals';
import { RejectedRow } from '../rejected-row.js';
import { JsonItems } from './json-items.js';
import { JsonLines } from './json-lines.js';
import type { RecordSplitter } from './source-record.js';

function read(splitter: RecordSplitter, text: string, pieceChars: number): unknown[] {
  const records = [];
  for (let start = 0; start < text.length; start += pieceChars)
    records.push(...splitter.push(text.slice(start, start + pieceChars)));
  records.push(...splitter.end());
  return records.map((record) =>
    record instanceof RejectedRow
      ? `${record.line}: ${record.reason}`
      : [record.line, Object.fromEntries(record.names.map((name, index) => [name, record.values[index]]))],
  );
}

/** However the text is cut. */
const items = (text: string): unknown[] => {
  const whole = read(new JsonItems(), text, text.length);
  for (const size of [1, 2, 3, 7]) expect(read(new JsonItems(), text, size)).toEqual(whole);
  return whole;
};

describe('JsonItems', () => {
  it('takes the elements of an array, with the line of each', () => {
    expect(items('[{"a":1},\n {"b":{"c":[{"d":2}]}}\n]')).toEqual([
      [1, { a: 1 }],
      [2, { b: { c: [{ d: 2 }] } }],
    ]);
  });

  it('takes the elements of data in a page, and nothing behind it', () => {
    const page =
      '{"object":"page","has":{"x":1},"data" : [{"a":1},{"data":[{"b":2}]}],"links":[{"c":3}],"next_page":null}';
    expect(items(page)).toEqual([
      [1, { a: 1 }],
      [1, { data: [{ b: 2 }] }],
    ]);
  });

  it('takes several pages in one file', () => {
    expect(items('{"data":[{"a":1}]}\n{"data":[{"a":2}]}')).toEqual([
      [1, { a: 1 }],
      [2, { a: 2 }],
    ]);
  });

  it('takes a single object', () => {
    expect(items('{"a":"}\\"{","b":"\\\\"}')).toEqual([[1, { a: '}"{', b: '\\' }]]);
  });

  it('rejects what looks like an object and is none', () => {
    expect(items('[{"a":},{"b":1}]')).toEqual(['1: not a JSON object', [1, { b: 1 }]]);
  });

  it('says that a file breaks off', () => {
    expect(() => items('[{"a":1},{"b"')).toThrow('breaks off');
    expect(() => items('{"data":[{"a":1}]')).toThrow('breaks off');
    expect(() => items(']')).toThrow('never opened');
  });

  it('refuses an item too large to be held', () => {
    const splitter = new JsonItems();
    const piece = 'x'.repeat(4_000_000);
    expect(() => {
      for (const text of ['[{"a":"', piece, piece, piece, piece, piece]) splitter.push(text);
    }).toThrow('larger than');
  });
});

describe('JsonLines', () => {
  it('rejects a bad line and keeps the others', () => {
    const text = '{"a":1}\r\n\n{"a":\n[1]\n{"a":2}';
    const expected = [[1, { a: 1 }], '3: not a JSON object', '4: not a JSON object', [5, { a: 2 }]];
    for (const size of [1, 3, 100]) expect(read(new JsonLines(), text, size)).toEqual(expected);
  });

  it('rejects a line too large to be held, in constant memory', () => {
    const lines = new JsonLines();
    const piece = 'x'.repeat(4_000_000);
    for (const text of ['{"a":1}\n{"a":"', piece, piece, piece, piece]) lines.push(text);
    const records = [...lines.push(`${piece}"}\n{"a":2}\n`), ...lines.end()];
    expect(records.map((record) => record.line)).toEqual([2, 3]);
    expect(records[0]).toBeInstanceOf(RejectedRow);
  });
});
