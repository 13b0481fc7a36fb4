import { Injectable } from '@nestjs/common';
import type { WantedText } from './broadcast.js';
import { textPieces } from './text-assembly.js';
import { ThreadHub, type ThreadNotice } from './thread-hub.js';

/** Deltas are gathered for so long before they are sent. */
const COALESCE_MS = 40;
/** A text longer than this streams no further deltas; the answer itself comes whole with agent_completed. */
const TEXT_CHARACTERS_MAX = 512 * 1024;
/** A delta fits into the shortest transmission to other processes, whatever is in it: 7 bytes for a character at the most. */
const DELTA_CHARACTERS_MAX = 1_000;
/** Several processes that ask for a text get one answer. */
const ANSWER_DELAY_MS = 20;

/** How a text begins. */
export interface TextOpening {
  /** Clients are to drop what an earlier attempt had streamed. */
  readonly reset: boolean;
  /**
   * Resolves once the events that the run has emitted so far are on disk and handed out, with the seq of the last one, if there is any;
   * rejects when they never will be.
   */
  readonly eventsOut: () => Promise<number | undefined>;
}

/** The text of an answer while it is being written. */
export interface TextOwner {
  readonly threadId: string;
  readonly userId: string;
  readonly runId: string;
  readonly messageId: string;
}

/**
 * The texts being written now, in this process: sends their deltas, coalesced, and gives a latecomer the text so far.
 * They are not part of the log: the log gets the whole text with the final event.
 */
@Injectable()
export class TextStreams {
  private readonly streams = new Map<string, TextStream>();

  constructor(private readonly hub: ThreadHub) {}

  /** Starts a text. */
  open(owner: TextOwner, opening: TextOpening): TextStream {
    const stream: TextStream = new TextStream(owner, this.hub, opening.eventsOut, () => {
      // A later attempt may have begun its own.
      if (this.streams.get(owner.threadId) === stream) this.streams.delete(owner.threadId);
    });
    this.streams.set(owner.threadId, stream);
    if (opening.reset) this.hub.notify(stream.snapshot('reset'));
    return stream;
  }

  /** The text so far that is being written in a thread by this process, if there is one. */
  snapshotOf(threadId: string): ThreadNotice | undefined {
    const stream = this.streams.get(threadId);
    return stream === undefined || stream.isEmpty ? undefined : stream.snapshot('whole');
  }

  /** Those of all texts that this process writes for a user. */
  snapshotsFor(userId: string): readonly ThreadNotice[] {
    return this.of({ userId }).map((stream) => stream.snapshot('whole'));
  }

  /** Asks other processes for texts that they may be writing: their answers come as notices. */
  want(wanted: WantedText): void {
    this.hub.announce({ kind: 'text_wanted', ...wanted });
  }

  /** Another process asks. */
  answer(wanted: WantedText): void {
    for (const stream of this.of(wanted)) stream.answer();
  }

  private of({ userId, threadId }: WantedText): TextStream[] {
    const streams = threadId === undefined ? [...this.streams.values()] : [this.streams.get(threadId)];
    return streams.filter(
      (stream): stream is TextStream => stream !== undefined && stream.owner.userId === userId && !stream.isEmpty,
    );
  }
}

/** One text: append to it, close it. No piece of it is seen before the events that came before it. */
export class TextStream {
  private sent = '';
  private gathered = '';
  private characters = 0;
  private index = -1;
  /** Bumped when the text is taken back, so that what was on its way is thrown away. */
  private generation = 0;
  private timer: NodeJS.Timeout | undefined;
  private answerTimer: NodeJS.Timeout | undefined;
  private isFull = false;

  constructor(
    readonly owner: TextOwner,
    private readonly hub: ThreadHub,
    private readonly eventsOut: TextOpening['eventsOut'],
    private readonly onClose: () => void,
  ) {}

  get isEmpty(): boolean {
    return this.index < 0;
  }

  append(text: string): void {
    // Once too long it stays as it is: a shorter piece behind the missing one would leave a hole.
    this.isFull ||= this.characters + text.length > TEXT_CHARACTERS_MAX;
    if (text === '' || this.isFull) return;
    this.gathered += text;
    this.characters += text.length;
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      void this.flush();
    }, COALESCE_MS);
  }

  /** Takes back what was written: clients drop it; what is appended next begins a new text under the same id. */
  reset(): void {
    this.stopTimer();
    this.generation += 1;
    this.gathered = '';
    this.characters = 0;
    this.isFull = false;
    if (this.sent === '') return;
    this.sent = '';
    this.hub.notify(this.snapshot('reset'));
  }

  /** Sends what is still gathered and forgets the text. */
  close(): void {
    this.stopTimer();
    void this.flush().finally(() => {
      clearTimeout(this.answerTimer);
      this.onClose();
    });
  }

  snapshot(kind: 'whole' | 'reset'): ThreadNotice {
    const { threadId, userId, runId, messageId } = this.owner;
    const frame = JSON.stringify({
      type: 'text_snapshot',
      thread_id: threadId,
      run_id: runId,
      message_id: messageId,
      index: this.index,
      text: this.sent,
      ...(kind === 'reset' ? { reset: true } : {}),
    });
    return { threadId, userId, frame, text: { messageId, index: this.index, kind } };
  }

  /** Sends the text so far to other processes, in a moment. */
  answer(): void {
    this.answerTimer ??= setTimeout(() => {
      this.answerTimer = undefined;
      for (const piece of textPieces(this.snapshot('whole'))) this.hub.announce(piece);
    }, ANSWER_DELAY_MS);
  }

  private stopTimer(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  /** Never rejects. Pieces go out in the order they were gathered, because the events of a run do. */
  private async flush(): Promise<void> {
    const { gathered: text, generation } = this;
    this.gathered = '';
    let afterSeq: number | undefined;
    try {
      afterSeq = await this.eventsOut();
    } catch {
      // The run is somebody else's now, who begins the text anew.
      return;
    }
    if (generation === this.generation) for (const piece of piecesOf(text)) this.send(piece, afterSeq);
  }

  private send(text: string, afterSeq: number | undefined): void {
    const { threadId, userId, runId, messageId } = this.owner;
    this.sent += text;
    this.index += 1;
    const frame = JSON.stringify({
      type: 'text_delta',
      thread_id: threadId,
      run_id: runId,
      message_id: messageId,
      index: this.index,
      text,
    });
    this.hub.notify({
      ...{ threadId, userId, frame, text: { messageId, index: this.index, kind: 'delta' } },
      ...(afterSeq === undefined ? {} : { afterSeq }),
    });
  }
}

const HIGH_SURROGATE = /[\ud800-\udbff]$/;

/** Cuts a text, never in the middle of a character. */
function piecesOf(text: string): string[] {
  const pieces: string[] = [];
  for (let start = 0; start < text.length;) {
    const piece = text.slice(start, start + DELTA_CHARACTERS_MAX);
    const isCut = start + piece.length < text.length && HIGH_SURROGATE.test(piece);
    pieces.push(isCut ? piece.slice(0, -1) : piece);
    start += isCut ? piece.length - 1 : piece.length;
  }
  return pieces;
}
