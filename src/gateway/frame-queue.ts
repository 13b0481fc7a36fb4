/** A frame as it came from the socket. `text` is undefined for a binary one. */
export interface ReceivedFrame {
  readonly text: string | undefined;
  readonly bytes: number;
}

/** Stops and restarts the reading of the socket. */
export interface ReadFlow {
  pause(): void;
  resume(): void;
}

/** With so many frames waiting, the socket is not read until half of them are handled: TCP slows the peer down. */
const WAITING_MAX = 64;

/** The frames of one connection, handled one after the other in the order they came. */
export class FrameQueue {
  private waiting: ReceivedFrame[] = [];
  private waitingBytes = 0;
  private started = false;
  private paused = false;
  private busy = false;
  private lastWork = Promise.resolve();

  /** `handle` must not reject. */
  constructor(
    private readonly handle: (frame: ReceivedFrame) => Promise<void>,
    private readonly flow: ReadFlow,
  ) {}

  get size(): number {
    return this.waiting.length;
  }

  get bytes(): number {
    return this.waitingBytes;
  }

  get isPaused(): boolean {
    return this.paused;
  }

  /** Resolves when everything that waits now has been handled. */
  get idle(): Promise<void> {
    return this.lastWork;
  }

  push(frame: ReceivedFrame): void {
    this.waiting.push(frame);
    this.waitingBytes += frame.bytes;
    if (!this.started) return;
    if (this.waiting.length >= WAITING_MAX && !this.paused) this.setPaused(true);
    this.work();
  }

  /** Begins to handle what waits. */
  start(): void {
    this.started = true;
    this.work();
  }

  /** Forgets what waits. */
  close(): void {
    this.waiting = [];
    this.waitingBytes = 0;
    this.started = false;
  }

  private work(): void {
    if (this.busy) return;
    this.busy = true;
    this.lastWork = this.run();
  }

  private async run(): Promise<void> {
    for (let frame = this.next(); frame !== undefined; frame = this.next()) await this.handle(frame);
    // In the same tick as the look at the empty queue: a frame that is pushed now finds nobody at work.
    this.busy = false;
  }

  private next(): ReceivedFrame | undefined {
    const frame = this.started ? this.waiting.shift() : undefined;
    if (frame !== undefined) this.waitingBytes -= frame.bytes;
    if (this.paused && this.waiting.length <= WAITING_MAX / 2) this.setPaused(false);
    return frame;
  }

  private setPaused(paused: boolean): void {
    this.paused = paused;
    if (paused) this.flow.pause();
    else this.flow.resume();
  }
}
