import { describe, expect, it } from '@jest/globals';
import { decodeFrame } from './decode-frame.js';
import type { ReplyTarget } from './reply-target.js';

const MAX_BYTES = 8192;
const PLAIN: ReplyTarget = { kind: 'frame' };
const read = (text: string) => decodeFrame(text, MAX_BYTES);
const codeOf = (text: string) => {
  const decoded = read(text);
  return 'error' in decoded ? decoded.error.code : 'none';
};

describe('a frame', () => {
  it('is read with its type, its fields and where the answer goes', () => {
    expect(read('{"type":"ping","id":"7","extra":1}')).toEqual({
      target: { kind: 'frame', inReplyTo: '7' },
      type: 'ping',
      fields: { type: 'ping', id: '7', extra: 1 },
    });
  });

  it('may use an older name of its type, and its text may lie elsewhere', () => {
    expect(read('{"type":"chat","data":{"content":"hello"}}')).toMatchObject({
      type: 'user_message',
      fields: { text: 'hello' },
    });
  });

  it.each([
    ['invalid_json', '{"type":'],
    ['invalid_json', ''],
    ['invalid_frame', '[]'],
    ['invalid_frame', '"ping"'],
    ['invalid_frame', 'null'],
    ['invalid_frame', '7'],
    ['invalid_frame', '{}'],
    ['invalid_frame', '{"type":7}'],
    ['unknown_type', '{"type":"nonsense"}'],
    ['unknown_type', '{"type":"constructor"}'],
    ['unknown_type', '{"type":"__proto__"}'],
    ['validation_failed', '{"type":"ping","id":7}'],
    ['validation_failed', `{"type":"ping","id":"${'x'.repeat(65)}"}`],
  ])('is refused as %s: %s', (code, text) => {
    expect(codeOf(text)).toBe(code);
  });

  it('may have exactly the allowed bytes of UTF-8, and not one more', () => {
    const frame = (bytes: number) => {
      const [head, tail] = ['{"type":"ping","x":"', '"}'];
      const rest = bytes - head.length - tail.length;
      return head + 'é'.repeat(Math.floor(rest / 2)) + 'x'.repeat(rest % 2) + tail;
    };
    expect(codeOf(frame(MAX_BYTES))).toBe('none');
    expect(codeOf(frame(MAX_BYTES + 1))).toBe('message_too_large');
  });

  it('that is too large is still answered under its id', () => {
    expect(read(`{"type":"ping","id":"a","x":"${'x'.repeat(MAX_BYTES)}"}`).target).toEqual({
      kind: 'frame',
      inReplyTo: 'a',
    });
  });

  it('is refused when it is nested deeper than anybody needs, however deep', () => {
    const nested = (depth: number) => `{"type":"ping","x":${'['.repeat(depth)}${']'.repeat(depth)}}`;
    expect(codeOf(nested(30))).toBe('none');
    expect(codeOf(nested(40))).toBe('invalid_frame');
    expect(codeOf(nested(4000))).toBe('invalid_frame');
  });

  it('with a __proto__ key changes no prototype', () => {
    const decoded = read('{"type":"ping","__proto__":{"polluted":true}}');
    expect('error' in decoded).toBe(false);
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
  });
});

describe('a JSON-RPC request', () => {
  it('is the frame whose type is its method', () => {
    expect(read('{"jsonrpc":"2.0","method":"ping","params":{"id":"x","a":1},"id":3}')).toEqual({
      target: { kind: 'json_rpc', id: 3 },
      type: 'ping',
      fields: { type: 'ping', a: 1 },
    });
  });

  it('without an id is a notification: nobody is answered', () => {
    expect(read('{"jsonrpc":"2.0","method":"ping"}').target).toEqual({ kind: 'nobody' });
    expect(read('{"jsonrpc":"2.0","method":"nonsense"}').target).toEqual({ kind: 'nobody' });
  });

  it.each([
    ['invalid_json', '{"jsonrpc":"2.0","method', null],
    ['invalid_frame', '[{"jsonrpc":"2.0","method":"ping","id":1}]', null],
    ['invalid_frame', '{"jsonrpc":"1.0","method":"ping","id":1}', 1],
    ['invalid_frame', '{"jsonrpc":"2.0","id":"a"}', 'a'],
    ['invalid_frame', '{"jsonrpc":"2.0","method":"ping","id":{}}', null],
    ['unknown_type', '{"jsonrpc":"2.0","method":"nonsense","id":1}', 1],
    ['validation_failed', '{"jsonrpc":"2.0","method":"ping","params":[1],"id":1}', 1],
  ])('is refused as %s: %s', (code, text, id) => {
    expect(codeOf(text)).toBe(code);
    expect(read(text).target).toEqual({ kind: 'json_rpc', id });
  });

  it('is not seen in a batch of plain frames', () => {
    expect(read('[{"type":"ping"}]').target).toEqual(PLAIN);
  });
});
