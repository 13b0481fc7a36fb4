import type { BroadcastMessage } from './broadcast.js';
import type { ThreadNotice } from './thread-hub.js';

type TextPiece = Extract<BroadcastMessage, { kind: 'text' }>;

/** Pieces of a frame fit into the shortest transmission, whatever is in them. */
const PIECE_CHARACTERS = 2_000;
/** Texts that are on their way from other processes at the same time. */
const TEXTS_MAX = 200;

/** Cuts the text so far into messages. */
export function textPieces({ threadId, userId, frame, text }: ThreadNotice): TextPiece[] {
  const count = Math.ceil(frame.length / PIECE_CHARACTERS);
  return Array.from({ length: count }, (_, piece) => ({
    kind: 'text',
    threadId,
    userId,
    messageId: text.messageId,
    index: text.index,
    piece,
    isLast: piece === count - 1,
    part: frame.slice(piece * PIECE_CHARACTERS, (piece + 1) * PIECE_CHARACTERS),
  }));
}

/** Puts the pieces of another process together again; messages of a process come in order, some may be lost. */
export class TextAssembly {
  private readonly begun = new Map<string, { readonly index: number; readonly parts: string[] }>();

  /** The whole text with its last piece; undefined before, and when a piece is missing. */
  take({ threadId, userId, messageId, index, piece, isLast, part }: TextPiece): ThreadNotice | undefined {
    const known = this.begun.get(threadId);
    const text = piece === 0 ? { index, parts: [] } : known;
    this.begun.delete(threadId);
    if (text?.index !== index || text.parts.length !== piece) return undefined;
    text.parts.push(part);
    if (isLast) return { threadId, userId, frame: text.parts.join(''), text: { messageId, index, kind: 'whole' } };
    const [oldest] = this.begun.keys();
    if (this.begun.size >= TEXTS_MAX && oldest !== undefined) this.begun.delete(oldest);
    this.begun.set(threadId, text);
    return undefined;
  }
}
