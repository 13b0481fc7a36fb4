import { describe, expect, it } from '@jest/globals';
import type { BroadcastMessage } from './broadcast.js';
import { openEnvelope, packEnvelopes } from './broadcast-envelope.js';

const head = (threadId: string): BroadcastMessage => ({
  ...{ kind: 'events', threadId, userId: 'u', firstSeq: 1, lastSeq: 2 },
});

describe('an envelope', () => {
  it('gives what is known of it when another version has put something else among it', () => {
    const newer = { kind: 'something newer', threadId: 'b' };
    const incomplete = { kind: 'events', threadId: 'c' };
    const text = JSON.stringify({ from: 'other', messages: [head('a'), newer, incomplete, head('d')] });
    expect(openEnvelope(text, 'me')).toEqual([head('a'), head('d')]);
  });

  it.each(['', 'null', '[]', '{"from":"other"}', '{"from":1,"messages":[]}'])('is not %j', (text) => {
    expect(openEnvelope(text, 'me')).toEqual([]);
  });

  it('of our own says nothing', () => {
    const [text = ''] = packEnvelopes('me', [head('a')], 1_000);
    expect([openEnvelope(text, 'me'), openEnvelope(text, 'other')]).toEqual([[], [head('a')]]);
  });

  it('is filled to the last byte, and left out when one message does not fit', () => {
    const messages = [head('ä'), head('"b"'), head('🙂')];
    const both = packEnvelopes('me', messages, 1_000);
    const sizeBytes = Buffer.byteLength(both[0] ?? '');
    expect(both).toHaveLength(1);
    expect(packEnvelopes('me', messages, sizeBytes)).toEqual(both);
    expect(packEnvelopes('me', messages, sizeBytes - 1)).toHaveLength(2);
    expect(packEnvelopes('me', [head('x'.repeat(1_000)), head('a')], 1_000)).toHaveLength(1);
  });

  it('takes each message once to be packed', () => {
    let asked = 0;
    const counted = (): BroadcastMessage => Object.assign(head('a'), { toJSON: () => (asked++, 'a') });
    packEnvelopes('me', Array.from({ length: 100 }, counted), 1_000_000);
    expect(asked).toBe(100);
  });
});
