import { z } from 'zod';
import type { BroadcastMessage } from './broadcast.js';

/** Several messages of one process in one transmission. */
export interface Envelope {
  readonly from: string;
  readonly messages: readonly BroadcastMessage[];
}

const envelope = z.object({
  from: z.string(),
  messages: z.array(
    z.discriminatedUnion('kind', [
      z.object({
        kind: z.literal('events'),
        threadId: z.string(),
        userId: z.string(),
        firstSeq: z.number(),
        lastSeq: z.number(),
      }),
      z.object({
        kind: z.literal('notice'),
        threadId: z.string(),
        userId: z.string(),
        frame: z.string(),
        text: z.object({ messageId: z.string(), index: z.number(), kind: z.enum(['delta', 'whole', 'reset']) }),
      }),
      z.object({ kind: z.literal('text_wanted'), userId: z.string(), threadId: z.string().exactOptional() }),
      z.object({
        kind: z.literal('text'),
        threadId: z.string(),
        userId: z.string(),
        messageId: z.string(),
        index: z.number(),
        piece: z.number(),
        isLast: z.boolean(),
        part: z.string(),
      }),
      z.object({ kind: z.literal('cancel'), runId: z.string(), reason: z.string() }),
      z.object({ kind: z.literal('process') }),
    ]),
  ),
});

/** The messages of another process; none for our own, and none for what is not an envelope. */
export function openEnvelope(text: string, self: string): readonly BroadcastMessage[] {
  try {
    const { from, messages } = envelope.parse(JSON.parse(text));
    return from === self ? [] : messages;
  } catch {
    return [];
  }
}

/** Packs messages into as few texts as fit into `maxBytes` each; a message that is too long by itself is left out. */
export function packEnvelopes(from: string, messages: readonly BroadcastMessage[], maxBytes: number): string[] {
  const texts: string[] = [];
  let part: BroadcastMessage[] = [];
  const close = (): void => {
    if (part.length > 0) texts.push(JSON.stringify({ from, messages: part } satisfies Envelope));
    part = [];
  };
  for (const message of messages) {
    if (sizeOf(from, [message]) > maxBytes) continue;
    if (sizeOf(from, [...part, message]) > maxBytes) close();
    part.push(message);
  }
  close();
  return texts;
}

const sizeOf = (from: string, messages: readonly BroadcastMessage[]): number =>
  Buffer.byteLength(JSON.stringify({ from, messages } satisfies Envelope));
