import type { ThreadEvent, ThreadPosition } from '@goldenpath/protocol';

interface Cursor {
  /** seq of the last event received; goes back when the server is asked to send again. */
  position: number;
  /** The greatest seq ever given on. */
  delivered: number;
  /** The log that the position belongs to. */
  logId: string;
}

/**
 * What an event is to this client: `new`; `again` (sent again because it was asked for); `repeat` (seen, or of a thread
 * not followed: to be dropped); `gap` (events before it are missing).
 */
export type Arrival = 'new' | 'again' | 'repeat' | 'gap';

/** Where this client stands in the log of each thread it follows, the least recently used thread first. */
export class Cursors {
  private readonly byThread = new Map<string, Cursor>();

  get size(): number {
    return this.byThread.size;
  }

  has(threadId: string): boolean {
    return this.byThread.has(threadId);
  }

  /** 0 for a thread that is not followed. */
  position(threadId: string): number {
    return this.byThread.get(threadId)?.position ?? 0;
  }

  threadIds(): string[] {
    return [...this.byThread.keys()];
  }

  positions(): ThreadPosition[] {
    return [...this.byThread].map(([threadId, cursor]) => ({
      thread_id: threadId,
      after_seq: cursor.position,
      log_id: cursor.logId,
    }));
  }

  /** The server sends from seq + 1 of this log on. */
  place(threadId: string, seq: number, logId: string): void {
    const delivered = Math.max(seq, this.byThread.get(threadId)?.delivered ?? 0);
    this.byThread.delete(threadId);
    this.byThread.set(threadId, { position: seq, delivered, logId });
  }

  /** Counts as used now. */
  touch(threadId: string): void {
    const cursor = this.byThread.get(threadId);
    if (cursor === undefined) return;
    this.byThread.delete(threadId);
    this.byThread.set(threadId, cursor);
  }

  drop(threadId: string): void {
    this.byThread.delete(threadId);
  }

  arrive(event: ThreadEvent): Arrival {
    const cursor = this.byThread.get(event.thread_id);
    if (cursor === undefined || event.seq <= cursor.position) return 'repeat';
    if (event.seq > cursor.position + 1) return 'gap';
    cursor.position = event.seq;
    if (event.seq <= cursor.delivered) return 'again';
    cursor.delivered = event.seq;
    return 'new';
  }
}
