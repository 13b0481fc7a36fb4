import { describe, expect, it } from '@jest/globals';
import { faultOfError, isBadFrame, judge } from './judge.js';

const error = { code: 'invalid_frame', message: 'A frame needs a type.', retryable: false };

describe('the judge of what a fuzzed server says', () => {
  it.each([
    { type: 'pong', server_time: 'now' },
    { type: 'message_created' },
    { type: 'error', ...error },
    { jsonrpc: '2.0', id: 1, result: null },
    { jsonrpc: '2.0', id: null, error: { code: -32600, message: 'x', data: error } },
  ])('lets pass what the protocol has: %j', (frame) => {
    expect(judge(JSON.stringify(frame)).fault).toBeUndefined();
  });

  it.each([
    { type: 'stack_trace' },
    { type: 'error', ...error, code: 'oops' },
    { type: 'error', ...error, code: 'internal' },
    { type: 'error', ...error, message: '' },
    { type: 'error', code: 'invalid_frame', message: 'x' },
    { jsonrpc: '2.0', id: 1 },
    { jsonrpc: '2.0', id: 1, error: { code: 7, message: 'x', data: error } },
    { jsonrpc: '2.0', id: 1, error: { code: -32600, message: 'x' } },
  ])('finds the fault of %j', (frame) => {
    expect(judge(JSON.stringify(frame)).fault).toBeDefined();
  });

  it('knows which errors are bad frames', () => {
    expect(isBadFrame('invalid_json')).toBe(true);
    expect(isBadFrame('thread_not_found')).toBe(false);
  });

  it('wants an object for an error', () => {
    expect(faultOfError('nope')).toBeDefined();
  });
});
