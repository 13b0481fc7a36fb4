import { Injectable } from '@nestjs/common';

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

/** A frame about a thread that is not part of its log: a text delta. */
export interface ThreadNotice {
  readonly threadId: string;
  readonly userId: string;
  readonly frame: string;
}

export interface ThreadListener {
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

  publish(batch: ThreadBatch): void {
    for (const listener of this.listeners(batch)) listener.onEvents(batch);
  }

  notify(notice: ThreadNotice): void {
    for (const listener of this.listeners(notice)) listener.onNotice(notice);
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
