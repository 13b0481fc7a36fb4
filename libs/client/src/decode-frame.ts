import { isServerFrameType, type ServerFrame } from '@goldenpath/protocol';
import { GoldenpathError } from './goldenpath-error.js';

/**
 * A frame of the server; undefined for a type that this version does not know, which a newer server may send. The
 * server is trusted to keep the shape of its types. Throws invalid_server_frame for what is no frame.
 */
export function decodeFrame(data: unknown): ServerFrame | undefined {
  const frame = parse(data);
  if (typeof frame !== 'object' || frame === null || !('type' in frame)) throw invalid('not an object with a type');
  return isServerFrameType(frame.type) ? (frame as ServerFrame) : undefined;
}

function parse(data: unknown): unknown {
  if (typeof data !== 'string') throw invalid('not text');
  try {
    return JSON.parse(data);
  } catch (cause) {
    throw invalid('not JSON', cause);
  }
}

function invalid(what: string, cause?: unknown): GoldenpathError {
  return new GoldenpathError('invalid_server_frame', `The server sent a frame that is ${what}`, { cause });
}
