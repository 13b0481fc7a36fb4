import type { ServerResponse } from 'node:http';
import type { Identity } from '../auth/identity.js';
import type { FrameSink } from '../events/frame-sink.js';
import type { ThreadSubscriptions } from '../events/thread-subscriptions.js';

const HEADERS = {
  'Content-Type': 'text/event-stream; charset=utf-8',
  'Cache-Control': 'no-store',
  Connection: 'keep-alive',
  // Or nginx keeps events back until its buffer is full.
  'X-Accel-Buffering': 'no',
};

/** One thread as server-sent events: what a WebSocket would get, on an HTTP answer. https://html.spec.whatwg.org/multipage/server-sent-events.html */
export class EventStream implements FrameSink {
  lastWriteMs = 0;
  subscriptions: ThreadSubscriptions | undefined;

  constructor(
    readonly identity: Identity,
    private readonly response: ServerResponse,
  ) {}

  /** Asks the connection too: an answer that waits behind another one is not told when it is lost. */
  get isOpen(): boolean {
    const { writableEnded, destroyed, req } = this.response;
    return !writableEnded && !destroyed && !req.socket.destroyed;
  }

  get bufferedBytes(): number {
    return this.response.writableLength;
  }

  /** Answers 200: from now on it is a stream. `retryMs`: when the client comes back after the stream broke off. */
  open(retryMs: number): void {
    if (!this.isOpen) return;
    this.response.writeHead(200, HEADERS);
    this.response.write(`retry: ${retryMs}\n\n`);
  }

  send(frame: string): void {
    if (!this.isOpen) return;
    const { seq, type } = headOf(frame);
    const id = seq === undefined ? '' : `id: ${seq}\n`;
    this.response.write(`${id}event: ${type}\ndata: ${frame}\n\n`);
  }

  /** Keeps the line open where proxies cut silent ones. */
  comment(): void {
    if (this.isOpen) this.response.write(': keep-alive\n\n');
  }

  end(): void {
    this.subscriptions?.close();
    if (this.isOpen) this.response.end();
  }

  /** For a reader that is gone or doesn't read: what is buffered would never be sent. */
  cut(): void {
    this.subscriptions?.close();
    this.response.destroy();
  }
}

/** Frames are ours: an event begins with its seq, anything else has none. */
function headOf(frame: string): { seq: number | undefined; type: string } {
  const parsed: unknown = JSON.parse(frame);
  if (typeof parsed !== 'object' || parsed === null) return { seq: undefined, type: 'message' };
  const seq = 'seq' in parsed && typeof parsed.seq === 'number' ? parsed.seq : undefined;
  return { seq, type: 'type' in parsed && typeof parsed.type === 'string' ? parsed.type : 'message' };
}
