import { z } from 'zod';
import type { BroadcastMessage } from './broadcast.js';

/** Several messages of one process in one transmission. */
const envelope = z.object({ from: z.string(), messages: z.array(z.unknown()) });

const broadcastMessage = z.discriminatedUnion('kind', [
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
    afterSeq: z.number().exactOptional(),
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
  z.object({ kind: z.literal('user_notice'), userId: z.string(), frame: z.string() }),
  z.object({ kind: z.literal('message_spent'), userId: z.string() }),
  z.object({ kind: z.literal('cancel'), runId: z.string(), reason: z.string() }),
  z.object({ kind: z.literal('process') }),
]);

/**
 * The messages of another process; none for our own, and none for what is not an envelope. A message that this version
 * does not know is left out: while versions change, those around it must arrive.
 */
export function openEnvelope(text: string, self: string): readonly BroadcastMessage[] {
  const { data } = envelope.safeParse(parsed(text));
  if (data === undefined || data.from === self) return [];
  return data.messages.flatMap((message) => broadcastMessage.safeParse(message).data ?? []);
}

/** Packs messages into as few texts as fit into `maxBytes` each; a message that is too long by itself is left out. */
export function packEnvelopes(from: string, messages: readonly BroadcastMessage[], maxBytes: number): string[] {
  const [before, after] = [`{"from":${JSON.stringify(from)},"messages":[`, ']}'];
  const emptyBytes = Buffer.byteLength(before) + after.length;
  const texts: string[] = [];
  let parts: string[] = [];
  let sizeBytes = emptyBytes;
  const close = (): void => {
    if (parts.length > 0) texts.push(`${before}${parts.join(',')}${after}`);
    parts = [];
    sizeBytes = emptyBytes;
  };
  for (const message of messages) {
    const part = JSON.stringify(message);
    const partBytes = Buffer.byteLength(part);
    if (emptyBytes + partBytes > maxBytes) continue;
    // And the comma before it.
    if (sizeBytes + partBytes + 1 > maxBytes) close();
    sizeBytes += partBytes + (parts.length > 0 ? 1 : 0);
    parts.push(part);
  }
  close();
  return texts;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
