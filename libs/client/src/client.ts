import type { AnsweredFrameType, AnswerTo, ConnectionReadyFrame, ServerFrame, ThreadEvent } from '@goldenpath/protocol';
import { isRunEvent, isThreadEvent } from '@goldenpath/protocol';
import { Asking, type AskOptions } from './asking.js';
import { AsyncQueue } from './async-queue.js';
import { Cursors } from './cursors.js';
import { GoldenpathError } from './goldenpath-error.js';
import { Link, type LinkEnd } from './link.js';
import { Listeners } from './listeners.js';
import { type ClientOptions, type Settings, withDefaults } from './options.js';
import { Opening } from './opening.js';
import { type RequestFields, Requests } from './requests.js';
import type { RunHandle } from './run.js';
import { Runs } from './runs.js';
import { Subscriptions } from './subscriptions.js';

export interface ClientEvents {
  /** An event of a followed thread, in order and once. */
  event: ThreadEvent;
  /** Every frame, as it came. */
  frame: ServerFrame;
  /** The end of a connection, and whether there will be another. */
  close: LinkEnd;
  /** What no promise tells: error frames that answer nothing, threads that can't be followed any more. */
  error: GoldenpathError;
}

/** Frames of this kind are sent by the client itself: `follow`, `unfollow` and the token function are their doors. */
export type RequestType = Exclude<AnsweredFrameType, 'authenticate' | 'subscribe' | 'unsubscribe'>;

const REPEATABLE: readonly RequestType[] = ['cancel_run', 'list_threads', 'get_thread_history'];

/**
 * A user's connection to a Goldenpath server. Lost connections are replaced, and what was followed goes on without a
 * gap and without a repeat. Every rejection is a GoldenpathError.
 */
export class GoldenpathClient {
  private readonly settings: Settings;
  private readonly link: Link;
  private readonly requests: Requests;
  private readonly cursors = new Cursors();
  private readonly subscriptions: Subscriptions;
  private readonly runs = new Runs();
  private readonly asking: Asking;
  private readonly opening = new Opening();
  private readonly queues = new Set<AsyncQueue<ThreadEvent>>();
  private readonly listeners: { [Name in keyof ClientEvents]: Listeners<ClientEvents[Name]> } = {
    event: new Listeners(),
    frame: new Listeners(),
    close: new Listeners(),
    error: new Listeners(),
  };

  constructor(options: ClientOptions) {
    this.settings = withDefaults(options);
    this.requests = new Requests(this.settings);
    this.link = new Link(this.settings, {
      onReady: (frame) => this.begin(frame),
      onFrame: (frame) => this.receive(frame),
      onEnd: (end) => this.end(end),
    });
    this.subscriptions = new Subscriptions(this.cursors, this.requests, this.settings, {
      isBusy: (threadId) => this.runs.isBusy(threadId),
      onThreadLost: (threadId, error) => this.loseThread(threadId, error),
      onResumeFailed: (error) => this.link.restart(error),
    });
    const { settings, requests, cursors, subscriptions, runs } = this;
    this.asking = new Asking({ settings, requests, cursors, subscriptions, runs });
  }

  /** Resolves when the server is ready for frames. The first connection is tried once; later ones again and again. */
  connect(): Promise<ConnectionReadyFrame> {
    const ready = this.opening.wait();
    this.link.open();
    return ready;
  }

  /** Ends everything: what waits is rejected with client_closed, iterators of `events()` end. */
  close(): void {
    for (const queue of this.queues) queue.end();
    this.giveUp(new GoldenpathError('client_closed', 'The client was closed'));
    this.link.close();
  }

  /** Sends a message; resolves once the server has taken the run on. */
  async ask(text: string, options: AskOptions = {}): Promise<RunHandle> {
    this.requireOpen();
    return this.asking.ask(text, options);
  }

  /** Sends any other frame and gives its answer. */
  async request<T extends RequestType>(type: T, fields: RequestFields<T>): Promise<AnswerTo<T>> {
    this.requireOpen();
    const onAnswer = (answer: AnswerTo<T>): AnswerTo<T> => answer;
    return this.requests.send(type, fields, { onAnswer, repeatable: REPEATABLE.includes(type) });
  }

  /** Follows a thread: live, or from the event after `afterSeq` on. */
  async follow(threadId: string, afterSeq?: number): Promise<void> {
    this.requireOpen();
    return afterSeq === undefined ? this.subscriptions.goLive(threadId) : this.subscriptions.follow(threadId, afterSeq);
  }

  /** Its events come no more: runs of the thread that are not over are rejected with thread_unfollowed. */
  async unfollow(threadId: string): Promise<void> {
    this.requireOpen();
    const message = `Thread ${threadId} was unfollowed before the run was over`;
    this.runs.failThread(threadId, new GoldenpathError('thread_unfollowed', message));
    return this.subscriptions.unfollow(threadId);
  }

  /** Tells the server that the events up to seq were dealt with. Not sent while there is no connection. */
  acknowledge(threadId: string, seq: number): void {
    if (this.link.isReady) this.link.send(JSON.stringify({ type: 'ack', thread_id: threadId, seq }));
  }

  /** seq of the last event received of a thread; 0 when it is not followed. */
  position(threadId: string): number {
    return this.cursors.position(threadId);
  }

  /** The events of all followed threads from now on; to be iterated once. */
  events(): AsyncIterable<ThreadEvent> {
    const queue: AsyncQueue<ThreadEvent> = new AsyncQueue(this.settings.maxQueuedEvents, () => {
      this.queues.delete(queue);
    });
    this.queues.add(queue);
    return queue;
  }

  /** The function returned takes the listener away. */
  on<Name extends keyof ClientEvents>(name: Name, listener: (value: ClientEvents[Name]) => void): () => void {
    return this.listeners[name].add(listener);
  }

  private requireOpen(): void {
    if (!this.link.isOpen) throw new GoldenpathError('not_connected', 'Call connect() first');
  }

  private begin(frame: ConnectionReadyFrame): void {
    this.requests.connected((text) => this.link.send(text), frame.limits.max_message_bytes);
    this.subscriptions.resume(frame.log_id);
    this.requests.flush();
    this.opening.resolve(frame);
  }

  private receive(frame: ServerFrame): void {
    this.requests.receive(frame);
    if (isThreadEvent(frame)) this.receiveEvent(frame);
    else if (frame.type === 'error' && frame.in_reply_to === undefined) {
      this.listeners.error.tell(GoldenpathError.fromWire(frame));
    }
    this.listeners.frame.tell(frame);
  }

  private receiveEvent(event: ThreadEvent): void {
    const arrival = this.cursors.arrive(event);
    if (arrival === 'gap') this.loseToGap(event);
    if (arrival === 'gap' || arrival === 'repeat') return;
    if (isRunEvent(event)) this.runs.deliver(event);
    if (arrival === 'again') return;
    for (const queue of this.queues) queue.push(event);
    this.listeners.event.tell(event);
  }

  /** The server promises that there is none: going on would hide what is missing. */
  private loseToGap(event: ThreadEvent): void {
    const details = { thread_id: event.thread_id, after_seq: this.cursors.position(event.thread_id), seq: event.seq };
    const message = `Event ${event.seq} came after ${details.after_seq}`;
    this.subscriptions.unfollow(event.thread_id).catch(() => undefined);
    this.loseThread(event.thread_id, new GoldenpathError('sequence_gap', message, { details }));
  }

  private loseThread(threadId: string, error: GoldenpathError): void {
    this.cursors.drop(threadId);
    this.runs.failThread(threadId, error);
    this.listeners.error.tell(error);
  }

  private end(end: LinkEnd): void {
    if (end.retryInMs === undefined) this.giveUp(end.error);
    else this.requests.disconnected(end.error);
    this.opening.lost();
    this.listeners.close.tell(end);
  }

  private giveUp(error: GoldenpathError): void {
    this.opening.reject(error);
    this.requests.failAll(error);
    this.runs.failAll(error);
    for (const queue of this.queues) queue.fail(error);
    this.queues.clear();
  }
}
