import { randomBytes } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Injectable } from '@nestjs/common';
import { Configuration } from '../../../config/configuration.js';
import { AppError } from '../../../errors/app-error.js';
import { unpack } from '../reading/unpack.js';

/** A file that was received to its end. A large one lies on disk until its stream is closed. */
export interface Upload {
  readonly isLarge: boolean;
  readonly stream: Readable;
  /** How much of it was read, 0 to 1; undefined for one in memory, which is read at once. */
  readonly shareRead?: () => number;
}

/** Larger files, as they are once unpacked, are imported in the background. */
const LARGE_BYTES = 5_000_000;
const UPLOAD_BYTES_MAX = 4 * 1024 ** 3;
/** Older files are those of a server that was killed: no import takes so long. */
const LEFTOVER_AFTER_MS = 3_600_000;

/**
 * Receives uploads whole before anything is imported, so that a client that goes away leaves nothing half done, and a slow database does not
 * hold the client up. Small ones stay in memory, large ones go to `uploads/` in the data folder.
 */
@Injectable()
export class UploadSpool {
  private readonly folder: string;

  constructor({ dataDir }: Configuration) {
    this.folder = join(dataDir, 'uploads');
  }

  /** Throws AppError message_too_large above 4 GiB, validation_failed when the client breaks off. */
  async receive(body: AsyncIterable<Buffer>): Promise<Upload> {
    const chunks = countedChunks(body);
    const head: Buffer[] = [];
    let headBytes = 0;
    for (let next = await chunks.next(); next.done !== true; next = await chunks.next()) {
      head.push(next.value);
      headBytes += next.value.length;
      if (headBytes > LARGE_BYTES) return this.onDisk(head, chunks);
    }
    const content = Buffer.concat(head);
    return { isLarge: await unpacksToMore(content), stream: Readable.from([content]) };
  }

  /** Removes what a killed server left. */
  async removeLeftovers(now: Date): Promise<void> {
    for (const name of await readdir(this.folder).catch(() => [])) {
      const path = join(this.folder, name);
      const modified = await stat(path).then(
        ({ mtimeMs }) => mtimeMs,
        () => now.getTime(),
      );
      if (now.getTime() - modified > LEFTOVER_AFTER_MS) await rm(path, { force: true });
    }
  }

  private async onDisk(head: readonly Buffer[], rest: AsyncGenerator<Buffer>): Promise<Upload> {
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
    const path = join(this.folder, randomBytes(12).toString('hex'));
    try {
      await pipeline(Readable.from(joined(head, rest)), createWriteStream(path, { mode: 0o600 }));
    } catch (error) {
      await rm(path, { force: true });
      throw error;
    }
    const stream = createReadStream(path);
    stream.once('close', () => void rm(path, { force: true }).catch(() => undefined));
    const { size } = await stat(path);
    return { isLarge: true, stream, shareRead: () => stream.bytesRead / Math.max(1, size) };
  }
}

async function unpacksToMore(content: Buffer): Promise<boolean> {
  let bytes = 0;
  try {
    for await (const chunk of unpack(Readable.from([content]))) {
      bytes += chunk.length;
      if (bytes > LARGE_BYTES) return true;
    }
  } catch {
    // What is wrong with it is said by the import.
  }
  return false;
}

async function* joined(head: readonly Buffer[], rest: AsyncGenerator<Buffer>): AsyncGenerator<Buffer> {
  yield* head;
  yield* rest;
}

async function* countedChunks(body: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let bytes = 0;
  try {
    for await (const chunk of body) {
      bytes += chunk.length;
      if (bytes > UPLOAD_BYTES_MAX)
        throw new AppError('message_too_large', 'The file is larger than 4 GiB; send it in parts.');
      yield chunk;
    }
  } catch (error) {
    throw error instanceof AppError
      ? error
      : new AppError('validation_failed', 'The upload broke off.', { cause: error });
  }
}
