import { jsonRpcErrorCode, type AnswerFrame, type JsonRpcId } from '@goldenpath/protocol';
import type { AppError } from '../errors/app-error.js';

/** How a frame wants to be answered: as a frame, as JSON-RPC, or (a JSON-RPC notification) not at all. */
export type ReplyTarget =
  | { readonly kind: 'frame'; readonly inReplyTo?: string }
  | { readonly kind: 'json_rpc'; readonly id: JsonRpcId }
  | { readonly kind: 'nobody' };

export const TO_NO_FRAME: ReplyTarget = { kind: 'frame' };

/** The text that answers a frame, or `undefined` when nothing is to be sent. A JSON-RPC request is always answered. */
export function answerText(target: ReplyTarget, answer: AnswerFrame | undefined): string | undefined {
  switch (target.kind) {
    case 'frame':
      return answer === undefined ? undefined : JSON.stringify(withReference(answer, target.inReplyTo));
    case 'json_rpc':
      return JSON.stringify({ jsonrpc: '2.0', id: target.id, result: answer ?? null });
    case 'nobody':
      return undefined;
  }
}

/** The text that tells of an error. */
export function errorText(target: ReplyTarget, error: AppError): string | undefined {
  const wire = error.toWire();
  switch (target.kind) {
    case 'frame':
      return JSON.stringify(withReference({ type: 'error', ...wire }, target.inReplyTo));
    case 'json_rpc': {
      const failure = { code: jsonRpcErrorCode(error.code), message: error.message, data: wire };
      return JSON.stringify({ jsonrpc: '2.0', id: target.id, error: failure });
    }
    case 'nobody':
      return undefined;
  }
}

const withReference = (frame: AnswerFrame, inReplyTo: string | undefined): AnswerFrame =>
  inReplyTo === undefined ? frame : { ...frame, in_reply_to: inReplyTo };
