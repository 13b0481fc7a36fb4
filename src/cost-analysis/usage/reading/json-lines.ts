import { RejectedRow } from '../rejected-row.js';
import { jsonRecord } from './json-items.js';
import type { RecordSplitter, SourceRecord } from './source-record.js';

const LINE_CHARS_MAX = 16_000_000;

/** One JSON object a line. A line that is none is rejected; the others are not affected. */
export class JsonLines implements RecordSplitter {
  private rest = '';
  private line = 0;
  private isTooLong = false;

  push(text: string): (SourceRecord | RejectedRow)[] {
    const lines = text.split('\n');
    const last = lines.pop() ?? '';
    if (lines.length === 0) {
      this.keep(last);
      return [];
    }
    lines[0] = this.rest + (lines[0] ?? '');
    this.rest = '';
    const records = lines.flatMap((line) => this.read(line));
    this.keep(last);
    return records;
  }

  end(): (SourceRecord | RejectedRow)[] {
    return this.read(this.rest);
  }

  private keep(text: string): void {
    if (this.rest.length + text.length > LINE_CHARS_MAX) this.isTooLong = true;
    this.rest = this.isTooLong ? '' : this.rest + text;
  }

  private read(line: string): (SourceRecord | RejectedRow)[] {
    this.line += 1;
    if (this.isTooLong) {
      this.isTooLong = false;
      return [new RejectedRow(`the line is longer than ${LINE_CHARS_MAX} characters`, this.line)];
    }
    return line.trim() === '' ? [] : [jsonRecord(line, this.line)];
  }
}
