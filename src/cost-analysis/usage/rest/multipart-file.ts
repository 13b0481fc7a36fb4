import { AppError } from '../../../errors/app-error.js';

const PART_HEAD_BYTES_MAX = 16_384;
const NEWLINE = Buffer.from('\r\n');

/**
 * The first file of a multipart/form-data body (RFC 7578), as it comes in; other fields are passed over.
 * Throws AppError validation_failed when there is none or the body breaks off.
 */
export async function* multipartFile(body: AsyncIterable<Buffer>, contentType: string): AsyncGenerator<Buffer> {
  const parts = new MultipartReader(body, delimiterOf(contentType));
  // In front of the first delimiter there is no newline.
  await parts.skipPreamble();
  while (await parts.hasPart()) {
    const head = await parts.head();
    const isFile = /^content-disposition:[^\r\n]*;\s*filename\*?=/im.test(head);
    for await (const chunk of parts.content()) if (isFile) yield chunk;
    if (isFile) return;
  }
  throw new AppError('validation_failed', 'The multipart body holds no file.');
}

class MultipartReader {
  private readonly chunks: AsyncIterator<Buffer>;
  private buffer = Buffer.alloc(0);

  constructor(
    body: AsyncIterable<Buffer>,
    private readonly delimiter: Buffer,
  ) {
    this.chunks = body[Symbol.asyncIterator]();
  }

  async skipPreamble(): Promise<void> {
    this.buffer = Buffer.from(NEWLINE);
    for await (const chunk of this.content()) if (chunk.length > PART_HEAD_BYTES_MAX) throw broken('has no boundary');
  }

  /** After a delimiter: whether a part follows, or the end. */
  async hasPart(): Promise<boolean> {
    while (this.buffer.length < 2) await this.more();
    return this.buffer.toString('latin1', 0, 2) !== '--';
  }

  async head(): Promise<string> {
    for (;;) {
      const end = this.buffer.indexOf('\r\n\r\n');
      if (end !== -1) {
        const head = this.buffer.toString('utf8', 0, end);
        this.buffer = this.buffer.subarray(end + 4);
        return head;
      }
      if (this.buffer.length > PART_HEAD_BYTES_MAX) throw broken('has a part with too long a head');
      await this.more();
    }
  }

  /** Everything up to the next delimiter. */
  async *content(): AsyncGenerator<Buffer> {
    for (;;) {
      const end = this.buffer.indexOf(this.delimiter);
      if (end !== -1) {
        const last = this.buffer.subarray(0, end);
        this.buffer = this.buffer.subarray(end + this.delimiter.length);
        yield last;
        return;
      }
      // The delimiter may be cut in two by the chunks' border.
      const safe = this.buffer.length - this.delimiter.length;
      if (safe > 0) {
        yield this.buffer.subarray(0, safe);
        this.buffer = this.buffer.subarray(safe);
      }
      await this.more();
    }
  }

  private async more(): Promise<void> {
    const next = await this.chunks.next();
    if (next.done === true) throw broken('breaks off');
    this.buffer = Buffer.concat([this.buffer, next.value]);
  }
}

function delimiterOf(contentType: string): Buffer {
  const match = /;\s*boundary=(?:"([^"]{1,70})"|([^\s;]{1,70}))/i.exec(contentType);
  const boundary = match?.[1] ?? match?.[2];
  if (boundary === undefined) throw broken('has no boundary');
  return Buffer.from(`\r\n--${boundary}`, 'latin1');
}

const broken = (what: string): AppError => new AppError('validation_failed', `The multipart body ${what}.`);
