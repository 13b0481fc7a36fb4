import { describe, expect, it } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { RejectedRow } from '../rejected-row.js';
import { CSV_RECORD_CHARS_MAX, CsvSplitter } from './csv-splitter.js';

/** Lines of values, or `line: reason` of a rejected one. */
function split(pieces: readonly string[], delimiter = ','): unknown[] {
  const splitter = new CsvSplitter(delimiter);
  return [...pieces.flatMap((piece) => splitter.push(piece)), ...splitter.end()].map((record) =>
    record instanceof RejectedRow ? `${record.line}: ${record.reason}` : [record.line, ...record.values],
  );
}

const TOO_LONG = `the record is longer than ${CSV_RECORD_CHARS_MAX} characters`;

describe('CsvSplitter', () => {
  it('takes LF, CRLF and CR in one file, no newline at the end, and empty lines', () => {
    expect(split(['a,b\r\n1,2\n3,4\r5,6\n\n\r\n7,8'])).toEqual([
      [2, '1', '2'],
      [3, '3', '4'],
      [4, '5', '6'],
      [7, '7', '8'],
    ]);
  });

  it('takes quoted fields with delimiters, quotes and newlines in them, and counts their lines', () => {
    expect(split(['a,b\n"x,""y""","p\r\nq"\n3,"4"'])).toEqual([
      [2, 'x,"y"', 'p\r\nq'],
      [4, '3', '4'],
    ]);
  });

  it('leaves a quote inside an unquoted field alone', () => {
    expect(split(['a,b\n5" disk,x\n'])).toEqual([[2, '5" disk', 'x']]);
  });

  it('rejects rows with too few or too many fields', () => {
    expect(split(['a,b\n1\n1,2,3\n4,5\n'])).toEqual([
      '2: 1 fields where the header has 2',
      '3: 3 fields where the header has 2',
      [4, '4', '5'],
    ]);
  });

  it('loses one row to a stray quote, not the rest of the file', () => {
    expect(split(['a,b\n1,2\n3,"x\n5,6\n"9"z,10\n11,12\n'])).toEqual([
      [2, '1', '2'],
      '3: text after a closing quote',
      [4, '5', '6'],
      '5: text after a closing quote',
      [6, '11', '12'],
    ]);
    expect(split(['a,b\n1,"2\n3,4\n'])).toEqual(['2: a quoted field has no end', [3, '3', '4']]);
  });

  it('rejects a cell of ten megabytes in constant memory and goes on', () => {
    const piece = 'y'.repeat(500_000);
    const pieces = ['a,b\n1,2\n', ...Array.from({ length: 20 }, () => piece), ',3\n4,5\n'];
    expect(split(pieces)).toEqual([[2, '1', '2'], `3: ${TOO_LONG}`, [4, '4', '5']]);
    const quoted = ['a,b\n1,2\n"', ...Array.from({ length: 20 }, () => piece), '",3\n4,5\n'];
    expect(split(quoted)).toEqual([[2, '1', '2'], `3: ${TOO_LONG}`, [4, '4', '5']]);
    const openEnd = ['a,b\n"1",', ...Array.from({ length: 20 }, () => piece), '\n4,5\n'];
    expect(split(openEnd)).toEqual([`2: ${TOO_LONG}`, [3, '4', '5']]);
  });

  it('reads the same whatever the pieces, and the same as csv-parse', () => {
    const cell = fc.string({ unit: fc.constantFrom('a', '1', ',', '"', '\n', '\r\n', ' ', 'ü', ';'), maxLength: 8 });
    const table = fc.array(fc.array(cell, { minLength: 3, maxLength: 3 }), { minLength: 1, maxLength: 8 });
    const newline = fc.constantFrom('\n', '\r\n');
    fc.assert(
      fc.property(table, newline, fc.array(fc.nat(60), { maxLength: 6 }), (rows, end, cuts) => {
        const text = ['h1,h2,h3', ...rows.map((row) => row.map(quoted).join(','))].join(end);
        const own = split(pieces(text, cuts));
        expect(own).toEqual(split([text]));
        expect(own.map((row) => (Array.isArray(row) ? row.slice(1) : row))).toEqual(parse(text, { from: 2 }));
      }),
      { seed: 7, numRuns: 500 },
    );
  });
});

const quoted = (cell: string): string => `"${cell.replaceAll('"', '""')}"`;

function pieces(text: string, cuts: readonly number[]): string[] {
  const sorted = [...cuts].sort((a, b) => a - b);
  return [...sorted, text.length].map((cut, index) => text.slice(sorted[index - 1] ?? 0, cut));
}
