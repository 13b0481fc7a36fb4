import type { Readable } from 'node:stream';
import { isJsonObject } from '../../../context/json.js';
import type { JsonObject } from '../../../context/json.js';
import { AppError } from '../../../errors/app-error.js';
import { unpack } from '../reading/unpack.js';

/** As much as an exporter sends in one request, and more; it is held in memory. */
const BODY_BYTES_MAX = 20 * 1024 ** 2;
const LIMITS = { unpackedBytesMax: BODY_BYTES_MAX, ratioMax: 200 };

/**
 * The JSON object in a request's body, plain or gzip, read as it comes. Throws AppError validation_failed for anything else (also for
 * protobuf), message_too_large above 20 MiB.
 */
export async function readJsonObject(body: Readable): Promise<JsonObject> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of unpack(body, LIMITS)) {
    bytes += chunk.length;
    if (bytes > BODY_BYTES_MAX)
      throw new AppError('message_too_large', 'The export is larger than 20 MiB; send smaller batches.');
    chunks.push(chunk);
  }
  const value = parsed(Buffer.concat(chunks).toString('utf8'));
  if (!isJsonObject(value))
    throw new AppError('validation_failed', 'The body is no JSON object. Send OTLP/HTTP as JSON, not as protobuf.');
  return value;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
