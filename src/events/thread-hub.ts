import { Injectable } from '@nestjs/common';
import type { BroadcastMessage } from './broadcast.js';
import { RecentHeads } from './recent-heads.js';

/** An event as the log has it: `text` is the stored JSON without seq. */
export interface StoredEvent {
  readonly seq: number;
  readonly text: string;
}

/** Events of one thread, in order, just committed. */
export interface ThreadBatch {
  readonly threadId: string;
  readonly userId: string;
  readonly events: readonly StoredEvent[];
}

/** Where a frame stands in the text that is being written. */
export interface TextPlace {
  readonly messageId: string;
  /** Of the delta, or of the last one that is in the whole; -1: none. */
  readonly index: number;
  /** whole: the text so far, for who has missed something of it; reset: the same for everybody. */
  readonly kind: 'delta' | 'whole' | 'reset';
}

/** A frame about a thread that is not part of its log: of a text that is being written. */
export interface ThreadNotice {
  readonly threadId: string;
  readonly userId: string;
  readonly frame: string;
  readonly text: TextPlace;
  /** The event that it comes right behind, where that is known. */
  readonly afterSeq?: number;
}

/** The range of events that another process has just committed to a thread. */
export interface ThreadHead {
  readonly threadId: string;
  readonly userId: string;
  readonly firstSeq: number;
  readonly lastSeq: number;
}

export interface ThreadListener {
  onHead(head: ThreadHead): void;
  onEvents(batch: ThreadBatch): void;
  onNotice(notice: ThreadNotice): void;
}

/**
 * Fan-out inside this process. What it carries is a hint: who misses a batch finds it in the log, because every
 * listener compares seq with its own position.
 */
@Injectable()
export class ThreadHub {
  private readonly byThread = new Map<string, Set<ThreadListener>>();
  private readonly byUser = new Map<string, Set<ThreadListener>>();
  private readonly recent = new RecentHeads();
  private outlet: ((message: BroadcastMessage) => void) | undefined;

  /** Where to announce what happens here, for the hubs of other processes. */
  setOutlet(outlet: ((message: BroadcastMessage) => void) | undefined): void {
    this.outlet = outlet;
  }

  /** Hands out what was committed in this process. */
  publish(batch: ThreadBatch): void {
    const firstSeq = batch.events[0]?.seq;
    const lastSeq = batch.events.at(-1)?.seq;
    if (firstSeq === undefined || lastSeq === undefined) return;
    const { threadId, userId } = batch;
    const nextSeq = this.recent.next(threadId);
    this.recent.note(threadId, lastSeq);
    this.outlet?.({ kind: 'events', threadId, userId, firstSeq: Math.min(firstSeq, nextSeq ?? firstSeq), lastSeq });
    // Two commits of a thread may be handed out the wrong way round: who hears of the later one first reads both from the log.
    const overtook = nextSeq !== undefined && firstSeq > nextSeq;
    const head = { threadId, userId, firstSeq: nextSeq ?? firstSeq, lastSeq };
    this.tell(batch, (listener) => (overtook ? listener.onHead(head) : listener.onEvents(batch)));
  }

  /** Hands out a frame that is not in the log. */
  notify(notice: ThreadNotice): void {
    this.deliverNotice(notice);
    this.outlet?.({ kind: 'notice', ...notice });
  }

  /** Tells other processes alone. */
  announce(message: BroadcastMessage): void {
    this.outlet?.(message);
  }

  /** Another process committed: listeners read it from the log. */
  announceHead(head: ThreadHead): void {
    const nextSeq = this.recent.next(head.threadId) ?? head.firstSeq;
    this.recent.note(head.threadId, head.lastSeq);
    const announced = { ...head, firstSeq: Math.min(head.firstSeq, nextSeq) };
    this.tell(head, (listener) => listener.onHead(announced));
  }

  /** A notice of another process, or of this one. */
  deliverNotice(notice: ThreadNotice): void {
    this.tell(notice, (listener) => listener.onNotice(notice));
  }

  followThread(threadId: string, listener: ThreadListener): () => void {
    return register(this.byThread, threadId, listener);
  }

  followUser(userId: string, listener: ThreadListener): () => void {
    return register(this.byUser, userId, listener);
  }

  /** How many registrations there are: a leak would show here. */
  get size(): number {
    return this.byThread.size + this.byUser.size;
  }

  /** Tells every listener; what one of them throws is thrown after all have been told. */
  private tell(about: { threadId: string; userId: string }, say: (listener: ThreadListener) => void): void {
    const failures: unknown[] = [];
    for (const listener of this.listeners(about)) {
      try {
        say(listener);
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
  }

  /** A listener that follows both the user and the thread hears of a batch once. */
  private listeners({ threadId, userId }: { threadId: string; userId: string }): Set<ThreadListener> {
    return new Set([...(this.byThread.get(threadId) ?? []), ...(this.byUser.get(userId) ?? [])]);
  }
}

function register(index: Map<string, Set<ThreadListener>>, key: string, listener: ThreadListener): () => void {
  const listeners = index.get(key) ?? new Set();
  index.set(key, listeners.add(listener));
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0 && index.get(key) === listeners) index.delete(key);
  };
}
