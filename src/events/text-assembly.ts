import type { BroadcastMessage } from './broadcast.js';
import type { ThreadNotice } from './thread-hub.js';

type TextPiece = Extract<BroadcastMessage, { kind: 'text' }>;

/** Pieces of a frame fit into the shortest transmission, whatever is in them. */
const PIECE_CHARACTERS = 2_000;
/** Texts that are on their way from other processes at the same time. */
const TEXTS_MAX = 200;
/** Of all of them together; beyond that the one that came first is forgotten. Many times the longest text. */
const CHARACTERS_MAX = 16 * 1024 * 1024;

interface BegunText {
  readonly index: number;
  readonly parts: string[];
  characters: number;
}

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
  private readonly begun = new Map<string, BegunText>();
  private characters = 0;

  /** The characters of all texts that are not complete. */
  get size(): number {
    return this.characters;
  }

  /** The whole text with its last piece; undefined before, and when a piece is missing. */
  take({ threadId, userId, messageId, index, piece, isLast, part }: TextPiece): ThreadNotice | undefined {
    const known = this.begun.get(threadId);
    this.forget(threadId);
    const text = piece === 0 ? { index, parts: [], characters: 0 } : known;
    if (text?.index !== index || text.parts.length !== piece) return undefined;
    text.parts.push(part);
    text.characters += part.length;
    if (isLast) return { threadId, userId, frame: text.parts.join(''), text: { messageId, index, kind: 'whole' } };
    this.begun.set(threadId, text);
    this.characters += text.characters;
    for (const oldest of this.begun.keys()) {
      if (this.begun.size <= TEXTS_MAX && this.characters <= CHARACTERS_MAX) break;
      this.forget(oldest);
    }
    return undefined;
  }

  private forget(threadId: string): void {
    this.characters -= this.begun.get(threadId)?.characters ?? 0;
    this.begun.delete(threadId);
  }
}
