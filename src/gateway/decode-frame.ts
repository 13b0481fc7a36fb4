import { isClientFrameType, normaliseFrame, type ClientFrameType } from '@goldenpath/protocol';
import { isJsonObject, type JsonObject } from '../context/json.js';
import { AppError } from '../errors/app-error.js';
import { validationFailed } from '../errors/validation-failed.js';
import { TO_NO_FRAME, type ReplyTarget } from './reply-target.js';

/** A frame as far as it can be read without knowing who sent it. */
export interface DecodedFrame {
  readonly target: ReplyTarget;
  readonly type: ClientFrameType;
  /** As JSON, not yet checked against the schema of the type. */
  readonly fields: JsonObject;
}

export interface UnreadableFrame {
  readonly target: ReplyTarget;
  readonly error: AppError;
}

const ID_LENGTH_MAX = 64;
const NESTING_MAX = 32;

/** Reads the text of a frame: size (bytes of UTF-8), JSON, envelope, aliases, type. */
export function decodeFrame(text: string, maxBytes: number): DecodedFrame | UnreadableFrame {
  const bytes = Buffer.byteLength(text);
  const value = parseJson(text);
  const target = targetOf(value, text);
  if (bytes > maxBytes) return { target, error: tooLarge(bytes, maxBytes) };
  if (value === undefined) return { target, error: new AppError('invalid_json', 'The frame is not valid JSON.') };
  if (!isJsonObject(value)) return { target, error: invalid(notAnObject(value)) };
  if (isNestedDeeper(value, NESTING_MAX))
    return { target, error: invalid(`Nested deeper than ${NESTING_MAX} levels.`) };
  return Object.hasOwn(value, 'jsonrpc') ? decodeRequest(value, target) : decodePlain(value, target);
}

function decodePlain(frame: JsonObject, target: ReplyTarget): DecodedFrame | UnreadableFrame {
  // An id that is null is none.
  if (Object.hasOwn(frame, 'id') && frame.id !== null && !isFrameId(frame.id)) {
    const issue = { path: ['id'], message: `Must be a string of at most ${ID_LENGTH_MAX} characters` };
    return { target, error: validationFailed([issue]) };
  }
  if (typeof frame.type !== 'string') return { target, error: invalid('A frame needs a type, which is a string.') };
  return decodeType(frame, target);
}

/** https://www.jsonrpc.org/specification */
function decodeRequest(request: JsonObject, target: ReplyTarget): DecodedFrame | UnreadableFrame {
  const { method } = request;
  const params = request.params ?? undefined;
  if (request.jsonrpc !== '2.0') return { target, error: invalid('jsonrpc must be "2.0".') };
  if (typeof method !== 'string')
    return { target, error: invalid('A JSON-RPC request needs a method, which is a string.') };
  if (Object.hasOwn(request, 'id') && !isRequestId(request.id)) {
    return { target, error: invalid('The id of a JSON-RPC request is a string, a number or null.') };
  }
  if (params !== undefined && !isJsonObject(params)) {
    return { target, error: validationFailed([{ path: ['params'], message: 'Must be an object' }]) };
  }
  // An id among the params is not the id of the frame.
  const fields = Object.fromEntries(Object.entries(params ?? {}).filter(([name]) => name !== 'id'));
  return decodeType({ ...fields, type: method }, target);
}

function decodeType(frame: JsonObject, target: ReplyTarget): DecodedFrame | UnreadableFrame {
  const fields = normaliseFrame(frame);
  if (isClientFrameType(fields.type) && isJsonObject(fields)) return { target, type: fields.type, fields };
  return { target, error: new AppError('unknown_type', 'There is no such type of frame.') };
}

/** Who is to be told, as far as that can be seen in a frame that may be wrong. */
function targetOf(value: unknown, text: string): ReplyTarget {
  // What can't be read is answered in the language it tried to speak.
  if (value === undefined) return text.includes('"jsonrpc"') ? { kind: 'json_rpc', id: null } : TO_NO_FRAME;
  if (Array.isArray(value)) return value.some(isRequest) ? { kind: 'json_rpc', id: null } : TO_NO_FRAME;
  if (!isJsonObject(value)) return TO_NO_FRAME;
  if (!isRequest(value)) return isFrameId(value.id) ? { kind: 'frame', inReplyTo: value.id } : TO_NO_FRAME;
  if (isRequestId(value.id)) return { kind: 'json_rpc', id: value.id };
  const isNotification = value.jsonrpc === '2.0' && typeof value.method === 'string' && !Object.hasOwn(value, 'id');
  return isNotification ? { kind: 'nobody' } : { kind: 'json_rpc', id: null };
}

/** `undefined` is not a JSON value: here it means that the text is no JSON. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Level by level, without recursion: a frame may be nested deeper than the stack. */
function isNestedDeeper(value: unknown, levels: number): boolean {
  let level: unknown[] = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > levels) return true;
    level = level.flatMap(childrenOf);
  }
  return false;
}

function childrenOf(value: unknown): unknown[] {
  if (Array.isArray(value)) return value;
  return isJsonObject(value) ? Object.values(value) : [];
}

const isRequest = (value: unknown): boolean => isJsonObject(value) && Object.hasOwn(value, 'jsonrpc');
const isRequestId = (id: unknown): id is string | number | null =>
  typeof id === 'string' || typeof id === 'number' || id === null;
const isFrameId = (id: unknown): id is string => typeof id === 'string' && id.length <= ID_LENGTH_MAX;

const notAnObject = (value: unknown): string =>
  Array.isArray(value) ? 'A frame is one JSON object; batches are refused.' : 'A frame is a JSON object.';
const invalid = (message: string): AppError => new AppError('invalid_frame', message);
const tooLarge = (bytes: number, maxBytes: number): AppError =>
  new AppError('message_too_large', `The frame has ${bytes} bytes; at most ${maxBytes} are allowed.`, {
    details: { bytes, max_bytes: maxBytes },
  });
