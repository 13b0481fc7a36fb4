import { describe, expect, it } from '@jest/globals';
import { decodeFrame } from './decode-frame.js';

describe('decodeFrame', () => {
  it('gives frames of known types and undefined for others', () => {
    expect(decodeFrame('{"type":"pong","server_time":"now"}')).toEqual({ type: 'pong', server_time: 'now' });
    expect(decodeFrame('{"type":"from_the_future"}')).toBeUndefined();
    expect(decodeFrame('{"type":"__proto__"}')).toBeUndefined();
  });

  it.each([['nonsense'], ['null'], ['7'], ['[]'], ['{}'], [new ArrayBuffer(1)]])('refuses %p', (data) => {
    expect(() => decodeFrame(data)).toThrow(expect.objectContaining({ code: 'invalid_server_frame' }));
  });
});
