import { ERROR_CATALOGUE, isErrorCode, isServerFrameType, JSON_RPC_ERRORS, type ErrorCode } from '@goldenpath/protocol';
import { isJsonObject, type JsonObject } from '../../src/context/json.js';

const JSON_RPC_CODES: readonly unknown[] = Object.values(JSON_RPC_ERRORS);

/** What is wrong with an error that the server told of; undefined when it is one of the catalogue, and not an accident of ours. */
export function faultOfError(error: unknown): string | undefined {
  if (!isJsonObject(error)) return 'no error object';
  if (!isErrorCode(error.code)) return 'a code that is not in the catalogue';
  if (error.code === 'internal') return 'an internal error';
  if (typeof error.message !== 'string' || error.message === '') return 'an error without a message';
  if (typeof error.retryable !== 'boolean') return 'an error that does not say whether to try again';
  return undefined;
}

export interface Judged {
  readonly fault: string | undefined;
  readonly error: ErrorCode | undefined;
  readonly frame: JsonObject;
}

/** What a frame of the server is: an answer, an event, an error, and whether it may be. */
export function judge(text: string): Judged {
  const frame: unknown = JSON.parse(text);
  if (!isJsonObject(frame)) return { fault: 'no frame', error: undefined, frame: {} };
  if (frame.jsonrpc === '2.0') return judgeJsonRpc(frame);
  if (frame.type === 'error') return { fault: faultOfError(frame), error: codeOf(frame), frame };
  const isKnown = isServerFrameType(frame.type);
  return { fault: isKnown ? undefined : 'a type that is not in the protocol', error: undefined, frame };
}

function judgeJsonRpc(frame: JsonObject): Judged {
  const { error } = frame;
  if (error === undefined) return { fault: 'result' in frame ? undefined : 'no result', error: undefined, frame };
  const data = isJsonObject(error) ? error.data : undefined;
  const hasCode = isJsonObject(error) && JSON_RPC_CODES.includes(error.code);
  return { fault: hasCode ? faultOfError(data) : 'no JSON-RPC error', error: codeOf(data), frame };
}

const codeOf = (error: unknown): ErrorCode | undefined =>
  isJsonObject(error) && isErrorCode(error.code) ? error.code : undefined;

/** Whether an error counts as a bad frame: after a hundred in a minute the connection is closed. */
export const isBadFrame = (code: ErrorCode): boolean => {
  const entry = ERROR_CATALOGUE[code];
  return 'escalatesTo' in entry && entry.escalatesTo === 4400;
};
