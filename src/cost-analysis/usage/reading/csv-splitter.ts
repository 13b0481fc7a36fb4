import { RejectedRow } from '../rejected-row.js';
import { readQuotedRecord } from './csv-quoted-record.js';
import type { RecordSplitter, SourceRecord } from './source-record.js';

/** A record longer than this is refused: no usage row is, and memory is bounded. */
export const CSV_RECORD_CHARS_MAX = 1_000_000;

/**
 * CSV with a header, RFC 4180, with what occurs besides: LF, CRLF and CR mixed in one file, no newline at the end, empty lines, quotes
 * inside unquoted fields. A record that can't be read is rejected and reading goes on with the line after its first one, so that a
 * stray quote costs one row and not the rest of the file. (csv-parse gave 27,000 rows/s of 25 columns and lost rows after a stray quote.)
 */
export class CsvSplitter implements RecordSplitter {
  private header: readonly string[] | undefined;
  private text = '';
  private position = 0;
  private line = 1;
  /** Inside a record that was too long: everything up to the next newline is thrown away. */
  private discarding = false;
  private ended = false;
  private out: (SourceRecord | RejectedRow)[] = [];

  constructor(private readonly delimiter: string) {}

  /** The header, once it was read. */
  get columns(): readonly string[] {
    return this.header ?? [];
  }

  push(text: string): (SourceRecord | RejectedRow)[] {
    this.text = this.text.slice(this.position) + text;
    this.position = 0;
    return this.drain();
  }

  end(): (SourceRecord | RejectedRow)[] {
    this.ended = true;
    return this.drain();
  }

  private drain(): (SourceRecord | RejectedRow)[] {
    const { text } = this;
    const next = { lf: -1, cr: -1, quote: -1 };
    while (this.position < text.length) {
      // Each mark is searched for again only when passed: one scan of the text in all.
      if (next.lf < this.position) next.lf = found(text.indexOf('\n', this.position));
      if (next.cr < this.position) next.cr = found(text.indexOf('\r', this.position));
      if (next.quote < this.position) next.quote = found(text.indexOf('"', this.position));
      const lineEnd = Math.min(next.lf, next.cr);
      // A CR at the very end may be the first half of a CRLF.
      const isCut = lineEnd >= text.length - (next.cr === lineEnd ? 1 : 0) && !this.ended;
      const goesOn = this.discarding || next.quote > lineEnd ? this.plainLine(lineEnd, isCut) : this.quotedRecord();
      if (!goesOn) break;
    }
    const { out } = this;
    this.out = [];
    return out;
  }

  /** A line without quotes; false when its end has not arrived yet. */
  private plainLine(lineEnd: number, isCut: boolean): boolean {
    if (isCut) {
      if (!this.discarding && this.isWithinLimit(this.text.length)) return false;
      if (!this.discarding) this.reject(TOO_LONG);
      this.discarding = true;
      this.position = this.text.length;
      return false;
    }
    const end = Math.min(lineEnd, this.text.length);
    if (this.discarding) this.discarding = false;
    else if (!this.isWithinLimit(end)) this.reject(TOO_LONG);
    else if (end > this.position) this.take(this.text.slice(this.position, end).split(this.delimiter));
    this.endLine(end);
    return true;
  }

  private quotedRecord(): boolean {
    const record = readQuotedRecord(this.text, this.position, this.delimiter);
    const isWhole = record.status === 'complete' && (record.end < this.text.length - 1 || this.ended);
    if (isWhole && this.isWithinLimit(record.end)) {
      this.take(record.values);
      this.line += record.newlines;
      this.endLine(record.end);
      return true;
    }
    const isTooLong = !this.isWithinLimit(this.text.length);
    if (record.status !== 'malformed' && !isWhole && !isTooLong && !this.ended) return false;
    this.reject(
      record.status === 'malformed' ? 'text after a closing quote' : isTooLong ? TOO_LONG : 'a quoted field has no end',
    );
    const lineEnd = this.text.slice(this.position).search(/[\r\n]/);
    if (lineEnd === -1) this.discarding = !this.ended;
    this.endLine(lineEnd === -1 ? this.text.length : this.position + lineEnd);
    return true;
  }

  private isWithinLimit(end: number): boolean {
    return end - this.position <= CSV_RECORD_CHARS_MAX;
  }

  private endLine(end: number): void {
    if (end >= this.text.length) {
      this.position = this.text.length;
      return;
    }
    this.position = end + (this.text.startsWith('\r\n', end) ? 2 : 1);
    this.line += 1;
  }

  private take(values: readonly string[]): void {
    if (this.header === undefined) this.header = values.map((name) => name.trim());
    else if (values.length === this.header.length) this.out.push({ line: this.line, names: this.header, values });
    else this.reject(`${values.length} fields where the header has ${this.header.length}`);
  }

  private reject(reason: string): void {
    this.out.push(new RejectedRow(reason, this.line));
  }
}

const TOO_LONG = `the record is longer than ${CSV_RECORD_CHARS_MAX} characters`;

const found = (index: number): number => (index === -1 ? Number.POSITIVE_INFINITY : index);
