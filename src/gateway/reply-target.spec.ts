import { describe, expect, it } from '@jest/globals';
import { AppError } from '../errors/app-error.js';
import { answerText, errorText, TO_NO_FRAME } from './reply-target.js';

const pong = { type: 'pong', server_time: 'now' } as const;
const error = new AppError('unknown_type', 'no such type');
const read = (text: string | undefined): unknown => (text === undefined ? undefined : JSON.parse(text));

describe('an answer', () => {
  it('names the frame it answers, when that had an id', () => {
    expect(read(answerText({ kind: 'frame', inReplyTo: '7' }, pong))).toEqual({ ...pong, in_reply_to: '7' });
    expect(read(answerText(TO_NO_FRAME, pong))).toEqual(pong);
  });

  it('is a JSON-RPC result for a JSON-RPC request, also when there is nothing to say', () => {
    expect(read(answerText({ kind: 'json_rpc', id: 1 }, pong))).toEqual({ jsonrpc: '2.0', id: 1, result: pong });
    expect(read(answerText({ kind: 'json_rpc', id: 1 }, undefined))).toEqual({ jsonrpc: '2.0', id: 1, result: null });
  });

  it('is not sent to a notification, nor when there is none', () => {
    expect(answerText({ kind: 'nobody' }, pong)).toBeUndefined();
    expect(answerText(TO_NO_FRAME, undefined)).toBeUndefined();
  });
});

describe('an error', () => {
  it('is an error frame, or a JSON-RPC error with the error as its data', () => {
    const wire = { code: 'unknown_type', message: 'no such type', retryable: false };
    expect(read(errorText({ kind: 'frame', inReplyTo: 'a' }, error))).toEqual({
      type: 'error',
      ...wire,
      in_reply_to: 'a',
    });
    expect(read(errorText({ kind: 'json_rpc', id: null }, error))).toEqual({
      jsonrpc: '2.0',
      id: null,
      error: { code: -32601, message: 'no such type', data: wire },
    });
    expect(errorText({ kind: 'nobody' }, error)).toBeUndefined();
  });
});
