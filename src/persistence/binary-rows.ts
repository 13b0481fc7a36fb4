const SIGNATURE = Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1');
/** Flags and the length of a header extension, both none. */
const NO_FLAGS_BYTES = 8;
const END_OF_ROWS = -1;
const NULL_LENGTH = -1;
/** Of a message to the server: its letter and its length. */
const MESSAGE_HEAD_BYTES = 5;
const COPY_DATA = 0x64;
/** PostgreSQL counts time from 2000-01-01. */
const EPOCH_MS = Date.UTC(2000, 0, 1);
const TWO_TO_32 = 2 ** 32;
const JSONB_VERSION = 1;
const UTF8_BYTES_PER_UNIT_MAX = 3;
/** Up to here a loop over the characters is faster than a call into Node's own code. */
const SHORT_TEXT_CHARS = 24;
const ASCII_MAX = 127;

/**
 * Rows for COPY … FROM STDIN (FORMAT binary), written one field after the other into one piece of memory, which also is the message that
 * goes to the server. Neither side spends time on texts of numbers and moments.
 * The format: https://www.postgresql.org/docs/current/sql-copy.html#id-1.9.3.55.9.4
 */
export class BinaryRows {
  private bytes: Buffer;
  private at: number;
  private readonly start: Buffer;

  /**
   * `memory`: what to write to; larger one takes its place when it is full. `start` writes how many fields a row has, and the first of them, which are
   * the same in every row.
   */
  constructor(memory: Buffer, start: (rows: BinaryRows) => void) {
    this.bytes = memory;
    this.at = 0;
    start(this);
    this.start = Buffer.from(this.bytes.subarray(0, this.at));
    this.at = 0;
    this.reserve(MESSAGE_HEAD_BYTES + SIGNATURE.length + NO_FLAGS_BYTES);
    this.at = MESSAGE_HEAD_BYTES + SIGNATURE.copy(this.bytes, MESSAGE_HEAD_BYTES);
    this.bytes.fill(0, this.at, this.at + NO_FLAGS_BYTES);
    this.at += NO_FLAGS_BYTES;
  }

  fields(count: number): void {
    this.reserve(2);
    this.at = this.bytes.writeInt16BE(count, this.at);
  }

  /** Begins a row; a call for each of its other fields follows. */
  row(): void {
    this.reserve(this.start.length);
    this.bytes.set(this.start, this.at);
    this.at += this.start.length;
  }

  null(): void {
    this.reserve(4);
    this.at = this.bytes.writeInt32BE(NULL_LENGTH, this.at);
  }

  boolean(value: boolean): void {
    this.reserve(5);
    this.at = this.bytes.writeInt32BE(1, this.at);
    this.bytes[this.at] = value ? 1 : 0;
    this.at += 1;
  }

  integer(value: number): void {
    this.reserve(8);
    this.at = this.bytes.writeInt32BE(4, this.at);
    this.at = this.bytes.writeInt32BE(value, this.at);
  }

  /** A number must be a safe integer. */
  bigint(value: number | bigint): void {
    this.reserve(12);
    this.at = this.bytes.writeInt32BE(8, this.at);
    if (typeof value === 'bigint') {
      this.at = this.bytes.writeBigInt64BE(value, this.at);
      return;
    }
    const high = Math.floor(value / TWO_TO_32);
    this.at = this.bytes.writeInt32BE(high, this.at);
    this.at = this.bytes.writeUInt32BE(value - high * TWO_TO_32, this.at);
  }

  uuid(value: string): void {
    this.reserve(20);
    this.at = this.bytes.writeInt32BE(16, this.at);
    this.at += this.bytes.write(value.replaceAll('-', ''), this.at, 'hex');
  }

  timestamp(value: Date): void {
    this.bigint((value.getTime() - EPOCH_MS) * 1_000);
  }

  /** Must not hold the character NUL, which PostgreSQL refuses. */
  text(value: string): void {
    const { length } = value;
    this.reserve(4 + length * UTF8_BYTES_PER_UNIT_MAX);
    const start = this.at + 4;
    const end = length <= SHORT_TEXT_CHARS ? this.shortText(value, start) : start + this.bytes.write(value, start);
    this.bytes.writeInt32BE(end - start, this.at);
    this.at = end;
  }

  /** `value`: JSON as text. */
  jsonb(value: string): void {
    this.reserve(5 + value.length * UTF8_BYTES_PER_UNIT_MAX);
    const sizeBytes = this.bytes.write(value, this.at + 5);
    this.at = this.bytes.writeInt32BE(sizeBytes + 1, this.at);
    this.bytes[this.at] = JSONB_VERSION;
    this.at += 1 + sizeBytes;
  }

  /** All of it as one CopyData message. Nothing may be added afterwards. */
  message(): Buffer {
    this.reserve(2);
    this.at = this.bytes.writeInt16BE(END_OF_ROWS, this.at);
    this.bytes[0] = COPY_DATA;
    this.bytes.writeInt32BE(this.at - 1, 1);
    return this.bytes.subarray(0, this.at);
  }

  /** What message() lies in, for rows to come once nobody reads that any more. */
  get memory(): Buffer {
    return this.bytes;
  }

  private shortText(value: string, start: number): number {
    const { bytes } = this;
    for (let index = 0; index < value.length; index += 1) {
      const unit = value.charCodeAt(index);
      if (unit > ASCII_MAX) return start + bytes.write(value, start);
      bytes[start + index] = unit;
    }
    return start + value.length;
  }

  private reserve(sizeBytes: number): void {
    if (this.at + sizeBytes <= this.bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.bytes.length * 2, this.at + sizeBytes));
    larger.set(this.bytes.subarray(0, this.at));
    this.bytes = larger;
  }
}
