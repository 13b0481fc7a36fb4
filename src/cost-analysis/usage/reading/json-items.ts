import { AppError } from '../../../errors/app-error.js';
import { isJsonObject } from '../../../context/json.js';
import type { JsonObject } from '../../../context/json.js';
import { RejectedRow } from '../rejected-row.js';
import type { RecordSplitter, SourceRecord } from './source-record.js';

/** A single item larger than this is refused: items are rows or buckets, and each is held in memory. */
const JSON_ITEM_CHARS_MAX = 16_000_000;

const [QUOTE, BACKSLASH, NEWLINE, OPEN_BRACE, CLOSE_BRACE, OPEN_BRACKET, CLOSE_BRACKET, COMMA, SPACE] = [
  34, 92, 10, 123, 125, 91, 93, 44, 32,
];

/**
 * The items of a JSON file, one at a time: the elements of a top-level array, the elements of `data` in a top-level object (a page of an
 * API), or the top-level object itself. Several such values may follow each other. Only one item is in memory.
 */
export class JsonItems implements RecordSplitter {
  private text = '';
  private position = 0;
  private line = 1;
  private depth = 0;
  private inString = false;
  /** Depth at which an opening brace starts an item: 1 in an array, 2 in `data`, 0 while a top-level object may be one itself. */
  private itemDepth = 0;
  private itemStart = -1;
  private itemLine = 1;
  /** Line of what stands in the place of an item and is none; undefined outside of it. */
  private strayLine: number | undefined;
  private out: (SourceRecord | RejectedRow)[] = [];

  push(text: string): (SourceRecord | RejectedRow)[] {
    const keepFrom = this.itemStart === -1 ? Math.max(0, this.position - KEY_CHARS) : this.itemStart;
    this.text = this.text.slice(keepFrom) + text;
    this.position -= keepFrom;
    if (this.itemStart !== -1) this.itemStart = 0;
    if (this.text.length > JSON_ITEM_CHARS_MAX + text.length) {
      throw new AppError(
        'validation_failed',
        `An item of the JSON file is larger than ${JSON_ITEM_CHARS_MAX} characters.`,
        {
          details: { line: this.itemLine },
        },
      );
    }
    for (; this.position < this.text.length; this.position += 1) this.step(this.text.charCodeAt(this.position));
    return this.take();
  }

  end(): (SourceRecord | RejectedRow)[] {
    if (this.depth !== 0 || this.inString) {
      throw new AppError('validation_failed', 'The JSON file breaks off in its middle.', {
        details: { line: this.line },
      });
    }
    this.endStray();
    return this.take();
  }

  private step(code: number): void {
    if (!this.inString && this.itemStart === -1 && (this.depth === 0 || this.depth === this.itemDepth)) this.look(code);
    if (code === NEWLINE) this.line += 1;
    if (this.inString) {
      if (code === BACKSLASH) this.position += 1;
      else if (code === QUOTE) this.inString = false;
    } else if (code === QUOTE) this.inString = true;
    else if (code === OPEN_BRACE) this.open(true);
    else if (code === OPEN_BRACKET) this.open(false);
    else if (code === CLOSE_BRACE || code === CLOSE_BRACKET) this.close();
  }

  /** In the place of an item: anything but an item, a separator or an end is counted as one that is none. */
  private look(code: number): void {
    const opensArray = code === OPEN_BRACKET && this.depth === 0;
    const ends = code === COMMA || code === OPEN_BRACE || code === CLOSE_BRACE || code === CLOSE_BRACKET || opensArray;
    if (ends || (code === NEWLINE && this.depth === 0)) this.endStray();
    else if (code > SPACE) this.strayLine ??= this.line;
  }

  private endStray(): void {
    if (this.strayLine !== undefined) this.out.push(new RejectedRow('not a JSON object', this.strayLine));
    this.strayLine = undefined;
  }

  private open(isObject: boolean): void {
    if (this.depth === 0) this.itemDepth = isObject ? 0 : 1;
    const opensData =
      !isObject &&
      this.depth === 1 &&
      this.itemDepth === 0 &&
      DATA_KEY.test(this.text.slice(Math.max(0, this.position - KEY_CHARS), this.position));
    if (opensData) {
      this.itemDepth = 2;
      this.itemStart = -1;
    } else if (isObject && this.depth === this.itemDepth && this.itemStart === -1) {
      this.itemStart = this.position;
      this.itemLine = this.line;
    }
    this.depth += 1;
  }

  private close(): void {
    this.depth -= 1;
    if (this.depth < 0)
      throw new AppError('validation_failed', 'The JSON file closes what it never opened.', {
        details: { line: this.line },
      });
    // Behind `data` nothing in this object is an item any more.
    if (this.depth === 1 && this.itemDepth === 2) this.itemDepth = -1;
    if (this.depth !== this.itemDepth || this.itemStart === -1) return;
    this.out.push(jsonRecord(this.text.slice(this.itemStart, this.position + 1), this.itemLine));
    this.itemStart = -1;
  }

  private take(): (SourceRecord | RejectedRow)[] {
    const { out } = this;
    this.out = [];
    return out;
  }
}

/** `"data": ` right before a bracket; this much text in front of it is kept. */
const DATA_KEY = /"data"\s*:\s*$/;
const KEY_CHARS = 64;

/** The record of one JSON object, or its rejection. */
export function jsonRecord(text: string, line: number): SourceRecord | RejectedRow {
  const item = decode(text);
  if (item === undefined) return new RejectedRow('not a JSON object', line);
  return { line, names: Object.keys(item), values: Object.values(item) };
}

function decode(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
