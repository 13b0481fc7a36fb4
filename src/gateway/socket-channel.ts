import type { Duplex } from 'node:stream';
import { WebSocket } from 'ws';
import { BUFFER_HIGH_BYTES, BUFFER_LOW_BYTES, type FrameSink } from '../events/frame-sink.js';
import type { Clock } from '../telemetry/clock.js';

export interface TrafficCounters {
  framesIn: number;
  bytesIn: number;
  framesOut: number;
  bytesOut: number;
  errors: number;
  /** Frames that were to be sent when the socket was no longer open, or were left unsent when it closed. */
  framesDropped: number;
}

/**
 * The way out to one peer. What is pushed before `release` (events that happen while the connection gets ready) is
 * held back, so that connection_ready is the first frame. Nothing is sent to a socket that isn't open.
 */
export class SocketChannel implements FrameSink {
  readonly counters: TrafficCounters = {
    framesIn: 0,
    bytesIn: 0,
    framesOut: 0,
    bytesOut: 0,
    errors: 0,
    framesDropped: 0,
  };
  lastFrameMs: number;
  /** Called when the peer has taken so much that more can be pushed. */
  onDrained: () => void = () => undefined;
  private held: string[] | undefined;
  private heldBytes = 0;
  private isCorked = false;
  private waitingForRoom: (() => void)[] = [];

  /** `transport` is what `socket` writes to. */
  constructor(
    readonly socket: WebSocket,
    private readonly transport: Duplex,
    private readonly clock: Clock,
  ) {
    this.lastFrameMs = clock.monotonicMs();
  }

  get isOpen(): boolean {
    return this.socket.readyState === WebSocket.OPEN;
  }

  /** Whether the socket is closed for good, its closing handshake included. */
  get isGone(): boolean {
    return this.socket.readyState === WebSocket.CLOSED;
  }

  get bufferedBytes(): number {
    return this.socket.bufferedAmount + this.heldBytes;
  }

  /** From now on frames are held back, until `release`. */
  hold(): void {
    this.held = [];
  }

  send(frame: string): void {
    if (this.held === undefined) {
      this.sendNow(frame);
      return;
    }
    this.held.push(frame);
    this.heldBytes += Buffer.byteLength(frame);
  }

  /** Sends past what is held back. */
  sendNow(frame: string): void {
    if (!this.isOpen) {
      this.counters.framesDropped += 1;
      return;
    }
    const bytes = Buffer.byteLength(frame);
    this.counters.framesOut += 1;
    this.counters.bytesOut += bytes;
    this.lastFrameMs = this.clock.monotonicMs();
    this.cork();
    // Who waits for room is woken by the frames that take it, also by one that takes all of it.
    if (this.socket.bufferedAmount + bytes < BUFFER_LOW_BYTES) this.socket.send(frame);
    else this.socket.send(frame, this.afterWrite);
  }

  /** Resolves when the peer has taken so much that it can be answered more, or is gone: who only asks and never reads is asked to wait. */
  room(): Promise<void> {
    if (!this.isOpen || this.bufferedBytes <= BUFFER_HIGH_BYTES) return Promise.resolve();
    return new Promise((resolve) => this.waitingForRoom.push(resolve));
  }

  /** Nobody waits for room on a socket that is going. */
  stopWaiting(): void {
    for (const goOn of this.waitingForRoom.splice(0)) goOn();
  }

  /** Sends `first`, then what was held back, in order. */
  release(first: string): void {
    const held = this.held ?? [];
    this.held = undefined;
    this.heldBytes = 0;
    this.sendNow(first);
    for (const frame of held) this.sendNow(frame);
    this.afterWrite();
  }

  noteFrameIn(bytes: number): void {
    this.counters.framesIn += 1;
    this.counters.bytesIn += bytes;
    this.lastFrameMs = this.clock.monotonicMs();
  }

  ping(): void {
    if (this.isOpen) this.socket.ping();
  }

  /** Starts the closing handshake; a peer that doesn't answer is cut by the server's closeTimeout. */
  close(code: number, reason: string): void {
    this.counters.framesDropped += this.held?.length ?? 0;
    this.held = undefined;
    this.heldBytes = 0;
    if (this.isOpen) this.socket.close(code, reason);
  }

  terminate(): void {
    this.socket.terminate();
  }

  /** Frames of one turn leave in one write: a batch of events would otherwise cost a system call, and wake the peer, for each. */
  private cork(): void {
    if (this.isCorked) return;
    this.isCorked = true;
    this.transport.cork();
    process.nextTick(this.uncork);
  }

  private readonly uncork = (): void => {
    this.isCorked = false;
    this.transport.uncork();
  };

  private readonly afterWrite = (): void => {
    if (!this.isOpen || this.bufferedBytes >= BUFFER_LOW_BYTES) return;
    this.stopWaiting();
    this.onDrained();
  };
}
