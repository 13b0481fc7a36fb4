import type { Clock } from '../telemetry/clock.js';
import type { TextStreams } from './text-streams.js';
import type { TextPlace, ThreadNotice } from './thread-hub.js';

/** Threads of which one connection remembers how much of a text it has shown; beyond that the longest quiet ones get a snapshot. */
const THREADS_MAX = 1_000;
/** Another process that does not answer is asked again after so long, when more of the text comes. */
const ASK_AGAIN_MS = 500;

/** Pieces that one connection keeps until the events before them are there: those of the time in which they are read. */
const WAITING_MAX = 200;

/** A thread of which something was missed. */
interface Behind {
  /** When another process was last asked for it. */
  readonly askedMs: number;
  /** Whether more was missed since then. */
  readonly isToAsk: boolean;
}

/** What shown texts are made of. */
export interface ShownTextsParts {
  readonly userId: string;
  readonly texts: Pick<TextStreams, 'snapshotOf' | 'want'>;
  readonly send: (frame: string) => void;
  readonly clock: Pick<Clock, 'monotonicMs'>;
}

/**
 * What one connection has been shown of the texts that are being written ([EV6]): pieces without a hole. Who has missed one
 * gets the text so far, from this process or the one that writes it, and nothing until then.
 */
export class ShownTexts {
  /** By thread, in the order of the last piece. */
  private readonly shown = new Map<string, { readonly messageId: string; readonly index: number }>();
  /** In the order of the first miss. */
  private readonly behind = new Map<string, Behind>();

  /** Pieces that came ahead of the event that they come behind. */
  private waiting: ThreadNotice[] = [];

  constructor(private readonly parts: ShownTextsParts) {}

  /** Takes a frame of a text that can be shown now. */
  take({ threadId, frame, text }: ThreadNotice): void {
    const index = this.indexOf(threadId, text.messageId);
    switch (text.kind) {
      case 'reset':
        this.show(threadId, frame, text);
        return;
      case 'whole':
        if (this.behind.has(threadId) || text.index > index) this.show(threadId, frame, text);
        return;
      case 'delta': {
        const isFirst = text.index === 0 && index < 0;
        const isNext = text.index === index + 1 && !this.behind.has(threadId);
        if (isFirst || isNext) this.show(threadId, frame, text);
        else this.catchUp(threadId);
      }
    }
  }

  /** Takes a piece of which the event before it has not been shown yet. */
  wait(notice: ThreadNotice): void {
    if (this.behind.has(notice.threadId) || this.waiting.length >= WAITING_MAX) this.miss(notice.threadId);
    else this.waiting.push(notice);
  }

  /** The events of a thread have been shown up to this one: what comes right behind it is shown before the next one. */
  reached(threadId: string, seq: number): void {
    this.release(threadId, ({ afterSeq }) => afterSeq !== undefined && afterSeq <= seq);
  }

  /**
   * All events that there are have been shown, up to this one: the thread can be shown again. Who was asked for a text and
   * wrote none is not asked again until there is more of one.
   */
  settled(threadId: string, seq: number): void {
    this.release(threadId, ({ afterSeq = 0 }) => afterSeq <= seq);
    if (this.behind.get(threadId)?.isToAsk === true) this.catchUp(threadId);
  }

  /** A part of a text could not be shown, or may have been missed. */
  miss(threadId: string): void {
    this.dropWaiting(threadId);
    const known = this.behind.get(threadId);
    this.noteBehind(threadId, { askedMs: known?.askedMs ?? -Infinity, isToAsk: true });
  }

  /** The connection has got the text so far by itself. */
  note(threadId: string, place: Omit<TextPlace, 'kind'>): void {
    this.behind.delete(threadId);
    this.shown.delete(threadId);
    const [oldest] = this.shown.keys();
    if (this.shown.size >= THREADS_MAX && oldest !== undefined) this.shown.delete(oldest);
    this.shown.set(threadId, { messageId: place.messageId, index: place.index });
  }

  forget(threadId: string): void {
    this.dropWaiting(threadId);
    this.behind.delete(threadId);
    this.shown.delete(threadId);
  }

  /** In the order in which they came: one that is not due holds back those behind it. */
  private release(threadId: string, isDue: (notice: ThreadNotice) => boolean): void {
    if (this.waiting.length === 0) return;
    const ofThread = this.waiting.filter((notice) => notice.threadId === threadId);
    const held = ofThread.findIndex((notice) => !isDue(notice));
    const due = new Set(held < 0 ? ofThread : ofThread.slice(0, held));
    this.waiting = this.waiting.filter((notice) => !due.has(notice));
    for (const notice of due) this.take(notice);
  }

  private dropWaiting(threadId: string): void {
    if (this.waiting.length > 0) this.waiting = this.waiting.filter((notice) => notice.threadId !== threadId);
  }

  private indexOf(threadId: string, messageId: string): number {
    const last = this.shown.get(threadId);
    return last?.messageId === messageId ? last.index : -1;
  }

  private show(threadId: string, frame: string, place: TextPlace): void {
    this.note(threadId, place);
    this.parts.send(frame);
  }

  private catchUp(threadId: string): void {
    const here = this.parts.texts.snapshotOf(threadId);
    if (here !== undefined) {
      this.show(threadId, here.frame, here.text);
      return;
    }
    const nowMs = this.parts.clock.monotonicMs();
    const askedMs = this.behind.get(threadId)?.askedMs ?? -Infinity;
    if (nowMs - askedMs < ASK_AGAIN_MS) return;
    this.noteBehind(threadId, { askedMs: nowMs, isToAsk: false });
    this.parts.texts.want({ userId: this.parts.userId, threadId });
  }

  private noteBehind(threadId: string, behind: Behind): void {
    this.behind.set(threadId, behind);
    const [oldest] = this.behind.keys();
    // Without what was shown, the next delta of it is a hole again.
    if (this.behind.size > THREADS_MAX && oldest !== undefined) this.forget(oldest);
  }
}
