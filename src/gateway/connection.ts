import type { Duplex } from 'node:stream';
import { CLOSE_CODES, ERROR_CATALOGUE, type CloseCode, type ServerFrame } from '@goldenpath/protocol';
import type { WebSocket } from 'ws';
import type { Identity } from '../auth/identity.js';
import type { AppError } from '../errors/app-error.js';
import type { ThreadSubscriptions } from '../events/thread-subscriptions.js';
import type { Clock } from '../telemetry/clock.js';
import { SlidingWindow } from '../threads/sliding-window.js';
import { nextState, type ConnectionState } from './connection-state.js';
import { FrameQueue, type ReceivedFrame } from './frame-queue.js';
import { errorText, TO_NO_FRAME, type ReplyTarget } from './reply-target.js';
import { SocketChannel } from './socket-channel.js';

export interface ConnectionParts {
  readonly id: string;
  readonly socket: WebSocket;
  /** What the WebSocket writes to. */
  readonly transport: Duplex;
  readonly clock: Clock;
  /** The thread of `/ws?thread=`. */
  readonly boundThreadId: string | undefined;
  /** Handles a frame of a ready connection; never rejects. */
  readonly handle: (frame: ReceivedFrame) => Promise<void>;
}

const BAD_FRAMES_MAX = 100;
const BAD_FRAMES_WINDOW_MS = 60_000;
const EXPIRY_NOTICE_MS = 60_000;

/** One socket of one user: its state, whose it is, what it follows, what it counted. */
export class Connection {
  readonly id: string;
  readonly channel: SocketChannel;
  readonly queue: FrameQueue;
  readonly openedAt: Date;
  readonly boundThreadId: string | undefined;
  identity: Identity | undefined;
  subscriptions: ThreadSubscriptions | undefined;
  /** Until when an authenticate frame must come; undefined when a token came with the upgrade. */
  authDeadlineMs: number | undefined;
  /** When to say that the token expires. */
  expiryNoticeAt: Date | undefined;
  expiryNoticed = false;
  lastPongMs: number;
  lastPingMs: number;
  /** When the client was last told what went over the connection. */
  lastStatsMs: number;
  private current: ConnectionState = 'connecting';
  private badFrames: SlidingWindow | undefined;
  private readonly clock: Clock;

  constructor({ id, socket, transport, clock, boundThreadId, handle }: ConnectionParts) {
    this.id = id;
    this.clock = clock;
    this.boundThreadId = boundThreadId;
    this.channel = new SocketChannel(socket, transport, clock);
    this.queue = new FrameQueue(async (frame) => {
      await handle(frame);
      // An answer to each frame of a peer that takes none would fill the memory between two looks at its buffer.
      await this.channel.room();
    }, socket);
    this.openedAt = clock.now();
    this.lastPongMs = this.lastPingMs = this.lastStatsMs = clock.monotonicMs();
  }

  get state(): ConnectionState {
    return this.current;
  }

  /** Whether frames of the client are handled and notices sent. */
  get isServing(): boolean {
    return this.current === 'ready' || this.current === 'draining';
  }

  isClosed(): boolean {
    return this.current === 'closed';
  }

  /** How long neither side has sent a frame; WebSocket pings don't count. */
  get idleMs(): number {
    return this.clock.monotonicMs() - this.channel.lastFrameMs;
  }

  /** How long the peer has given no sign of life. */
  get sincePongMs(): number {
    return this.clock.monotonicMs() - this.lastPongMs;
  }

  /** The peer gave a sign of life. */
  alive(): void {
    this.lastPongMs = this.clock.monotonicMs();
  }

  authenticated(identity: Identity): void {
    this.current = nextState(this.current, 'authenticated');
    this.authDeadlineMs = undefined;
    this.channel.hold();
    this.renew(identity);
  }

  /** Goes on with a newer token. */
  renew(identity: Identity): void {
    this.identity = identity;
    const lifeMs = identity.expiresAt.getTime() - this.clock.now().getTime();
    const noticeMs = lifeMs > EXPIRY_NOTICE_MS ? EXPIRY_NOTICE_MS : lifeMs / 2;
    this.expiryNoticed = false;
    this.expiryNoticeAt = new Date(identity.expiresAt.getTime() - noticeMs);
  }

  follow(subscriptions: ThreadSubscriptions): void {
    this.subscriptions = subscriptions;
    this.channel.onDrained = () => subscriptions.drained();
  }

  /** Sends connection_ready, then what happened meanwhile, then begins with the frames that came too early. */
  ready(connectionReady: string): void {
    this.current = nextState(this.current, 'ready');
    this.lastPongMs = this.lastPingMs = this.clock.monotonicMs();
    this.channel.release(connectionReady);
    this.channel.ping();
    this.queue.start();
  }

  /** No new work is expected; what is going on goes on until the close. */
  drain(): void {
    if (this.current === 'ready') this.current = nextState(this.current, 'draining');
  }

  send(frame: ServerFrame): void {
    this.channel.send(JSON.stringify(frame));
  }

  /** Tells the client what went over the connection. Nobody asked for it: it keeps no idle connection open. */
  tellStats(): void {
    const { counters, lastFrameMs, bufferedBytes } = this.channel;
    this.lastStatsMs = this.clock.monotonicMs();
    this.send({
      type: 'connection_stats',
      connection_id: this.id,
      frames_in: counters.framesIn,
      frames_out: counters.framesOut,
      bytes_in: counters.bytesIn,
      bytes_out: counters.bytesOut,
      buffered_bytes: bufferedBytes,
    });
    this.channel.lastFrameMs = lastFrameMs;
  }

  /** Tells of an error; ends the connection where the catalogue says so, or when bad frames go on. */
  fail(error: AppError, target: ReplyTarget): void {
    const entry = ERROR_CATALOGUE[error.code];
    if (entry.closeCode !== null) {
      this.refuse(error, target);
      return;
    }
    this.channel.counters.errors += 1;
    const text = errorText(target, error);
    if (text !== undefined) this.channel.sendNow(text);
    const isBadFrame = 'escalatesTo' in entry && entry.escalatesTo === CLOSE_CODES.protocolViolation;
    if (isBadFrame && this.isOneBadFrameTooMany()) this.end(CLOSE_CODES.protocolViolation, 'too many bad frames');
  }

  /** Tells of an error that the connection can't survive, then closes with its code. */
  refuse(error: AppError, target: ReplyTarget = TO_NO_FRAME): void {
    if (this.isClosed()) return;
    this.channel.counters.errors += 1;
    const text = errorText(target, error) ?? errorText(TO_NO_FRAME, error);
    if (text !== undefined) this.channel.sendNow(text);
    this.end(closeCodeOf(error), error.code);
  }

  /** Closes the socket and frees what belongs to the connection; the second time nothing happens. */
  end(code: CloseCode, reason: string): void {
    this.release();
    this.channel.close(code, reason);
  }

  /** Cuts a peer that doesn't answer. */
  cut(): void {
    this.release();
    this.channel.terminate();
  }

  /** The socket is gone, or going. */
  release(): void {
    if (this.isClosed()) return;
    this.current = nextState(this.current, 'closed');
    this.authDeadlineMs = undefined;
    this.channel.onDrained = () => undefined;
    this.channel.stopWaiting();
    this.channel.counters.framesDropped += this.queue.size;
    this.queue.close();
    this.subscriptions?.close();
  }

  private isOneBadFrameTooMany(): boolean {
    const nowMs = this.clock.monotonicMs();
    this.badFrames ??= new SlidingWindow(BAD_FRAMES_WINDOW_MS);
    this.badFrames.add(nowMs);
    return this.badFrames.count(nowMs) >= BAD_FRAMES_MAX;
  }
}

/** The code of the catalogue; 1011 for an error that has none but leaves the connection without a way on. */
function closeCodeOf(error: AppError): CloseCode {
  const entry = ERROR_CATALOGUE[error.code];
  return entry.closeCode ?? ('escalatesTo' in entry ? entry.escalatesTo : CLOSE_CODES.internal);
}
