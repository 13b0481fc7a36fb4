import type { MessageAcceptedFrame, RunCancellingFrame, RunCompletedEvent, RunEvent } from '@goldenpath/protocol';
import { AsyncQueue } from './async-queue.js';
import type { GoldenpathError } from './goldenpath-error.js';

/** A run as the one who asked sees it. Iterate once: over its events, from message_created to the final one. */
export interface RunHandle extends AsyncIterable<RunEvent> {
  readonly runId: string;
  readonly threadId: string;
  readonly messageId: string;
  /** The message_id was used before: this is the run of the first time. */
  readonly duplicate: boolean;
  /** The final event, whatever the status; rejects with a GoldenpathError when it can't be known any more. */
  result(): Promise<RunCompletedEvent>;
  /** Asks the server to stop the run; the final event tells when it has. */
  cancel(): Promise<RunCancellingFrame>;
}

export interface RunOptions {
  maxQueuedEvents: number;
  cancel: (runId: string) => Promise<RunCancellingFrame>;
}

export class Run implements RunHandle {
  readonly runId: string;
  readonly threadId: string;
  readonly messageId: string;
  readonly duplicate: boolean;
  /** message_created was seen: what comes now has nothing missing before it. */
  hasBegun = false;
  private lastSeq = 0;
  private readonly queue: AsyncQueue<RunEvent>;
  private readonly outcome: Promise<RunCompletedEvent>;
  private resolve: (final: RunCompletedEvent) => void = () => undefined;
  private reject: (error: GoldenpathError) => void = () => undefined;

  constructor(
    accepted: MessageAcceptedFrame,
    private readonly options: RunOptions,
  ) {
    this.runId = accepted.run_id;
    this.threadId = accepted.thread_id;
    this.messageId = accepted.message_id;
    this.duplicate = accepted.duplicate;
    this.queue = new AsyncQueue(options.maxQueuedEvents);
    this.outcome = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
    // Who only iterates gets the error there.
    this.outcome.catch(() => undefined);
  }

  /** Takes events of any run; true when this one is over. */
  take(event: RunEvent): boolean {
    if (event.run_id !== this.runId || event.seq <= this.lastSeq) return false;
    if (!this.hasBegun && event.type !== 'message_created') return false;
    this.hasBegun = true;
    this.lastSeq = event.seq;
    this.queue.push(event);
    if (event.type !== 'agent_completed' || event.final !== true) return false;
    this.queue.end();
    this.resolve(event);
    return true;
  }

  fail(error: GoldenpathError): void {
    this.queue.fail(error);
    this.reject(error);
  }

  [Symbol.asyncIterator](): AsyncIterator<RunEvent> {
    return this.queue[Symbol.asyncIterator]();
  }

  result(): Promise<RunCompletedEvent> {
    return this.outcome;
  }

  cancel(): Promise<RunCancellingFrame> {
    return this.options.cancel(this.runId);
  }
}
