import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { AppError } from '../../../errors/app-error.js';

export interface UnpackLimits {
  /** Bytes that a file may have once unpacked. */
  readonly unpackedBytesMax: number;
  /** How many times its packed size a file may grow to; usage exports reach about 30. */
  readonly ratioMax: number;
}

export const UNPACK_LIMITS: UnpackLimits = { unpackedBytesMax: 16 * 1024 ** 3, ratioMax: 200 };

/** Below this size a ratio means nothing. */
const RATIO_FROM_BYTES = 16 * 1024 ** 2;

/**
 * The bytes of a file, unpacked when it is gzip, which is told by its first bytes: what headers and names say is often wrong.
 * Throws AppError validation_failed for a damaged or truncated archive and for one that unpacks beyond the limits.
 */
export async function* unpack(stream: Readable, limits: UnpackLimits = UNPACK_LIMITS): AsyncGenerator<Buffer> {
  const chunks: AsyncIterator<unknown> = stream[Symbol.asyncIterator]();
  try {
    const head = await readHead(chunks);
    const bytes = withHead(head, chunks);
    yield* head[0] === 0x1f && head[1] === 0x8b ? gunzip(bytes, limits) : bytes;
  } finally {
    stream.destroy();
  }
}

async function readHead(chunks: AsyncIterator<unknown>): Promise<Buffer> {
  let head = Buffer.alloc(0);
  while (head.length < 2) {
    const next = await chunks.next();
    if (next.done === true) break;
    head = Buffer.concat([head, asBuffer(next.value)]);
  }
  return head;
}

async function* withHead(head: Buffer, chunks: AsyncIterator<unknown>): AsyncGenerator<Buffer> {
  if (head.length > 0) yield head;
  for (let next = await chunks.next(); next.done !== true; next = await chunks.next()) yield asBuffer(next.value);
}

const asBuffer = (chunk: unknown): Buffer => (Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk)));

async function* gunzip(bytes: AsyncGenerator<Buffer>, limits: UnpackLimits): AsyncGenerator<Buffer> {
  const gzip = createGunzip();
  let [packedBytes, unpackedBytes] = [0, 0];
  const feeding = feed(bytes, gzip, (count) => (packedBytes += count));
  try {
    for await (const chunk of gzip) {
      const unpacked = asBuffer(chunk);
      unpackedBytes += unpacked.length;
      if (
        unpackedBytes > limits.unpackedBytesMax ||
        (unpackedBytes > RATIO_FROM_BYTES && unpackedBytes > packedBytes * limits.ratioMax)
      ) {
        throw new AppError('validation_failed', 'The gzip file unpacks to far more than a usage file would.', {
          details: { packed_bytes: packedBytes, unpacked_bytes: unpackedBytes },
        });
      }
      yield unpacked;
    }
    await feeding;
  } catch (error) {
    throw isDamage(error) ? damaged(error) : error;
  } finally {
    gzip.destroy();
    await feeding.catch(() => undefined);
  }
}

async function feed(
  bytes: AsyncGenerator<Buffer>,
  gzip: ReturnType<typeof createGunzip>,
  count: (bytes: number) => void,
): Promise<void> {
  try {
    for await (const chunk of bytes) {
      if (gzip.destroyed) return;
      count(chunk.length);
      if (!gzip.write(chunk)) await new Promise<void>((resolve) => gzip.once('drain', resolve).once('close', resolve));
    }
    gzip.end();
  } catch (error) {
    gzip.destroy(error instanceof Error ? error : new Error(String(error)));
  }
}

/** An error of zlib has a code of its own: https://www.zlib.net/manual.html#Constants */
const isDamage = (error: unknown): error is { message: string } =>
  typeof error === 'object' &&
  error !== null &&
  'message' in error &&
  'code' in error &&
  String(error.code).startsWith('Z_');

const damaged = (cause: { message: string }): AppError =>
  new AppError('validation_failed', `The gzip file is damaged or incomplete: ${cause.message}.`, { cause });
