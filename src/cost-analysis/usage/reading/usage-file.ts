import { TextDecoder } from 'node:util';
import type { Readable } from 'node:stream';
import { AppError } from '../../../errors/app-error.js';
import { RejectedRow } from '../rejected-row.js';
import { CsvSplitter } from './csv-splitter.js';
import { JsonItems, jsonRecord } from './json-items.js';
import { JsonLines } from './json-lines.js';
import type { RecordSplitter, SourceRecord } from './source-record.js';
import { unpack } from './unpack.js';

/** What an importer looks at to say whether a file is its own. */
export interface FileSample {
  readonly kind: 'csv' | 'json';
  readonly first: SourceRecord;
  /** The first few records: a report may begin with empty buckets. */
  readonly some: readonly SourceRecord[];
}

/** A file that was opened and looked at, and its records in the order of the file, a piece at a time. */
export interface UsageFile {
  readonly sample: FileSample;
  readonly records: AsyncIterable<readonly (SourceRecord | RejectedRow)[]>;
}

const SAMPLE_RECORDS = 100;
/** So much text is looked at to tell what a file is. */
const SAMPLE_CHARS = 262_144;

/**
 * Opens a file of usage: CSV, JSON or one JSON object a line, plain or gzip, UTF-8 or UTF-16 with a byte order mark. Reads as it goes, in
 * constant memory. `kindSaid`: what the sender called it. Throws AppError validation_failed when it is empty or can't be read.
 */
export async function openUsageFile(stream: Readable, kindSaid?: 'json-lines'): Promise<UsageFile> {
  const pieces = decode(unpack(stream));
  let text = '';
  let isWhole = false;
  while (text.length < SAMPLE_CHARS && !isWhole) {
    const next = await pieces.next();
    if (next.done === true) isWhole = true;
    else text += next.value;
  }
  if (text.trim() === '') throw new AppError('validation_failed', 'The file is empty.');
  const kind = kindSaid ?? kindOf(text);
  return { sample: sampleOf(kind, text, isWhole), records: records(splitterFor(kind, text), text, pieces) };
}

type TextKind = 'csv' | 'json' | 'json-lines';

async function* decode(bytes: AsyncGenerator<Buffer>): AsyncGenerator<string> {
  let decoder: TextDecoder | undefined;
  for await (const chunk of bytes) {
    // Spreadsheets save "Unicode text" as UTF-16. The decoder drops the byte order mark.
    decoder ??= new TextDecoder(chunk[0] === 0xff && chunk[1] === 0xfe ? 'utf-16le' : 'utf-8');
    yield decoder.decode(chunk, { stream: true });
  }
  yield decoder?.decode() ?? '';
}

function kindOf(text: string): TextKind {
  const start = text.trimStart();
  if (start.startsWith('[')) return 'json';
  const lines = start.split('\n', LINES_LOOKED_AT + 1).filter((line) => line.trim() !== '');
  const [first = '', ...rest] = lines;
  if (start.startsWith('{') && rest.length > 0 && isItem(first)) return 'json-lines';
  // A damaged first line makes no other format of a file whose next lines are items; in a page of an API few lines are.
  if (rest.filter(isItem).length > rest.length / 2) return 'json-lines';
  return start.startsWith('{') ? 'json' : 'csv';
}

const LINES_LOOKED_AT = 20;
const isItem = (line: string): boolean => line.startsWith('{') && !(jsonRecord(line, 1) instanceof RejectedRow);

function splitterFor(kind: TextKind, text: string): RecordSplitter {
  switch (kind) {
    case 'json':
      return new JsonItems();
    case 'json-lines':
      return new JsonLines();
    case 'csv':
      return new CsvSplitter(delimiterOf(text));
  }
}

/** The separator that the header has most of. */
function delimiterOf(text: string): string {
  const header = text.trimStart().split(/[\r\n]/, 1)[0] ?? '';
  const count = (delimiter: string) => header.split(delimiter).length;
  return [',', ';', '\t', '|'].reduce((best, delimiter) => (count(delimiter) > count(best) ? delimiter : best));
}

/** The first record; for a CSV file without rows, its header alone. */
function sampleOf(kind: TextKind, text: string, isWhole: boolean): FileSample {
  const splitter = splitterFor(kind, text);
  const read = [...splitter.push(text), ...(isWhole ? splitter.end() : [])];
  const some = read
    .filter((record): record is SourceRecord => !(record instanceof RejectedRow))
    .slice(0, SAMPLE_RECORDS);
  const names = kind === 'csv' && splitter instanceof CsvSplitter ? splitter.columns : [];
  return { kind: kind === 'csv' ? 'csv' : 'json', first: some[0] ?? { line: 1, names, values: [] }, some };
}

async function* records(
  splitter: RecordSplitter,
  start: string,
  pieces: AsyncGenerator<string>,
): AsyncGenerator<(SourceRecord | RejectedRow)[]> {
  try {
    yield splitter.push(start);
    for await (const piece of pieces) yield splitter.push(piece);
    yield splitter.end();
  } finally {
    await pieces.return(undefined);
  }
}
