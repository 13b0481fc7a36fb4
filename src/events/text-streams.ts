import { Injectable } from '@nestjs/common';
import { ThreadHub } from './thread-hub.js';

/** Deltas are gathered for so long before they are sent. */
const COALESCE_MS = 40;
/** A text longer than this streams no further deltas; the answer itself comes whole with agent_completed. */
const TEXT_CHARACTERS_MAX = 512 * 1024;

/** How a text begins. */
export interface TextOpening {
  /** Clients are to drop what an earlier attempt had streamed. */
  readonly reset: boolean;
  /** Resolves once the events that the run has emitted so far are on disk and handed out; rejects when they never will be. */
  readonly eventsOut: () => Promise<void>;
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
    if (opening.reset) this.hub.notify({ ...owner, frame: stream.snapshot(true) });
    return stream;
  }

  /** The snapshot frame of the text being written in a thread, if there is one. */
  snapshotOf(threadId: string): string | undefined {
    const stream = this.streams.get(threadId);
    return stream === undefined || stream.isEmpty ? undefined : stream.snapshot(false);
  }

  /** The snapshots of all texts being written for a user. */
  snapshotsFor(userId: string): readonly { readonly threadId: string; readonly frame: string }[] {
    return [...this.streams.values()]
      .filter((stream) => stream.owner.userId === userId && !stream.isEmpty)
      .map((stream) => ({ threadId: stream.owner.threadId, frame: stream.snapshot(false) }));
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
  private isFull = false;

  constructor(
    readonly owner: TextOwner,
    private readonly hub: ThreadHub,
    private readonly eventsOut: () => Promise<void>,
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
    const { threadId, userId } = this.owner;
    this.hub.notify({ threadId, userId, frame: this.snapshot(true) });
  }

  /** Sends what is still gathered and forgets the text. */
  close(): void {
    this.stopTimer();
    void this.flush().finally(this.onClose);
  }

  snapshot(reset: boolean): string {
    const { threadId, runId, messageId } = this.owner;
    return JSON.stringify({
      type: 'text_snapshot',
      thread_id: threadId,
      run_id: runId,
      message_id: messageId,
      index: this.index,
      text: this.sent,
      ...(reset ? { reset: true } : {}),
    });
  }

  private stopTimer(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  /** Never rejects. Pieces go out in the order they were gathered, because the events of a run do. */
  private async flush(): Promise<void> {
    const { gathered: text, generation } = this;
    this.gathered = '';
    try {
      await this.eventsOut();
    } catch {
      // The run is somebody else's now, who begins the text anew.
      return;
    }
    if (text !== '' && generation === this.generation) this.send(text);
  }

  private send(text: string): void {
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
    this.hub.notify({ threadId, userId, frame });
  }
}
