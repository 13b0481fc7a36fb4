import type { SubscribedFrame, ThreadPosition } from '@goldenpath/protocol';
import type { Cursors } from './cursors.js';
import { GoldenpathError } from './goldenpath-error.js';
import type { Requests } from './requests.js';

/** Threads in one subscribe frame: with ids of 36 characters well under the server's 8192 bytes. */
const THREADS_A_FRAME = 40;

export interface SubscriptionHandlers {
  isBusy(threadId: string): boolean;
  /** The thread can't be followed from where this client stands. */
  onThreadLost(threadId: string, error: GoldenpathError): void;
  /** The server could not take up the threads: this connection is of no use. */
  onResumeFailed(error: GoldenpathError): void;
}

/** Follows threads, and takes them up again on each new connection. */
export class Subscriptions {
  private readonly goingLive = new Map<string, Promise<void>>();
  /** The log of the server that was connected last; not known before the first connection. */
  private logId: string | undefined;

  constructor(
    private readonly cursors: Cursors,
    private readonly requests: Requests,
    private readonly limits: { maxFollowedThreads: number },
    private readonly handlers: SubscriptionHandlers,
  ) {}

  /** To be called with each connection, before anything else is sent on it. */
  resume(logId: string): void {
    const positions = this.cursors.positions();
    this.logId = logId;
    for (let start = 0; start < positions.length; start += THREADS_A_FRAME) {
      void this.resumeSome(positions.slice(start, start + THREADS_A_FRAME));
    }
  }

  /** Follows a thread from now on; nothing to do when it is followed already. */
  async goLive(threadId: string): Promise<void> {
    if (this.cursors.has(threadId)) {
      this.cursors.touch(threadId);
      return;
    }
    // Two requests at once would be answered with two positions, and what lies between would be passed over.
    const already = this.goingLive.get(threadId);
    if (already !== undefined) return already;
    const going = this.subscribe({ thread_id: threadId }).finally(() => this.goingLive.delete(threadId));
    this.goingLive.set(threadId, going);
    return going;
  }

  /** Follows a thread from `afterSeq` + 1 on; one that is followed already moves there. */
  follow(threadId: string, afterSeq: number): Promise<void> {
    return this.subscribe({ thread_id: threadId, after_seq: afterSeq, log_id: this.logId });
  }

  async unfollow(threadId: string): Promise<void> {
    if (!this.cursors.has(threadId)) return;
    this.cursors.drop(threadId);
    await this.requests.send('unsubscribe', { threads: [threadId] }, { onAnswer: () => undefined, repeatable: false });
  }

  private async subscribe(position: ThreadPosition): Promise<void> {
    if (!this.cursors.has(position.thread_id)) this.makeRoom();
    // At once with the answer: the frames behind it are counted from there.
    const onAnswer = (answer: SubscribedFrame): void => this.place(answer, position);
    await this.requests.send('subscribe', { threads: [position] }, { onAnswer, repeatable: true });
  }

  private place(answer: SubscribedFrame, asked: ThreadPosition): void {
    for (const thread of answer.threads) {
      if ('error' in thread) throw GoldenpathError.fromWire(thread.error);
      this.cursors.place(thread.thread_id, asked.after_seq ?? thread.last_seq, answer.log_id);
    }
  }

  private async resumeSome(threads: ThreadPosition[]): Promise<void> {
    const onAnswer = (answer: SubscribedFrame): void => {
      for (const thread of answer.threads) {
        if (!('error' in thread)) continue;
        const error = GoldenpathError.fromWire(thread.error);
        // E.g. a database that was away for a moment: the thread is there, and its runs go on.
        if (error.retryable) throw error;
        this.handlers.onThreadLost(thread.thread_id, error);
      }
    };
    try {
      await this.requests.send('subscribe', { threads }, { onAnswer, repeatable: false, goesFirst: true });
    } catch (error) {
      this.handlers.onResumeFailed(GoldenpathError.from(error));
    }
  }

  private makeRoom(): void {
    if (this.cursors.size < this.limits.maxFollowedThreads) return;
    const idle = this.cursors.threadIds().find((threadId) => !this.handlers.isBusy(threadId));
    if (idle === undefined) {
      const message = `${this.cursors.size} threads with live runs are followed already`;
      throw new GoldenpathError('queue_overflow', message, { retryable: true });
    }
    // Should the server not hear of it, its events are dropped here.
    this.unfollow(idle).catch(() => undefined);
  }
}
