import type { ConnectionReadyFrame, ServerFrame } from '@goldenpath/protocol';
import { CLOSE_CODES } from '@goldenpath/protocol';
import { decodeFrame } from './decode-frame.js';
import { GoldenpathError } from './goldenpath-error.js';
import type { Settings } from './options.js';
import type { WebSocketLike } from './web-socket.js';

const LOST = 1006;

export interface ConnectionEnd {
  code: number;
  reason: string;
  /** The error frame that came before the close, or what was noticed on this side. */
  error: GoldenpathError;
}

export interface ConnectionHandlers {
  /** The first frame; before it, nothing may be sent. */
  onReady(frame: ConnectionReadyFrame): void;
  onFrame(frame: ServerFrame): void;
  /** Exactly once, and nothing after it. */
  onEnd(end: ConnectionEnd): void;
}

/** One socket from its opening to its end, watched for silence by JSON heartbeats. */
export class Connection {
  private lastError: GoldenpathError | undefined;
  private lastHeardMs: number;
  private ready = false;
  private over = false;
  private cancelTimer: () => void;

  constructor(
    private readonly socket: WebSocketLike,
    private readonly settings: Settings,
    private readonly handlers: ConnectionHandlers,
  ) {
    this.lastHeardMs = settings.clock.nowMs();
    this.cancelTimer = settings.clock.after(settings.connectTimeoutMs, () => this.drop('no connection_ready in time'));
    socket.addEventListener('message', (event) => this.receive(event.data));
    socket.addEventListener('close', (event) => this.end(event.code, event.reason));
    // The close that follows tells; without a listener `ws` would throw.
    socket.addEventListener('error', (event) => {
      if ('message' in event && typeof event.message === 'string') this.lastError ??= lost(event.message);
    });
  }

  send(text: string): void {
    this.socket.send(text);
  }

  close(): void {
    this.socket.close(CLOSE_CODES.normal);
    this.end(CLOSE_CODES.normal, 'closed by the client');
  }

  /** Ends at once, without the closing handshake a dead peer would not answer. */
  drop(reason: string, error?: GoldenpathError): void {
    if (error !== undefined) this.lastError = error;
    if (this.socket.terminate === undefined) this.socket.close();
    else this.socket.terminate();
    this.end(LOST, reason);
  }

  private receive(data: unknown): void {
    if (this.over) return;
    this.lastHeardMs = this.settings.clock.nowMs();
    const frame = this.decode(data);
    if (frame !== undefined) this.take(frame);
  }

  private decode(data: unknown): ServerFrame | undefined {
    try {
      return decodeFrame(data);
    } catch (error) {
      this.drop('invalid frame', GoldenpathError.from(error));
      return undefined;
    }
  }

  private take(frame: ServerFrame): void {
    // Only an error right before the close is the reason of the close.
    const isReason = frame.type === 'error' && frame.in_reply_to === undefined;
    this.lastError = isReason ? GoldenpathError.fromWire(frame) : undefined;
    if (frame.type === 'connection_ready' && !this.ready) this.begin(frame);
    this.handlers.onFrame(frame);
  }

  private begin(frame: ConnectionReadyFrame): void {
    this.ready = true;
    this.cancelTimer();
    this.watch(frame.heartbeat.interval_ms, frame.heartbeat.timeout_ms);
    this.handlers.onReady(frame);
  }

  /** WebSocket pings don't reach scripts, nor do they keep an idle connection: the heartbeat is a frame. */
  private watch(intervalMs: number, timeoutMs: number): void {
    this.cancelTimer = this.settings.clock.after(intervalMs, () => {
      const silentMs = this.settings.clock.nowMs() - this.lastHeardMs;
      if (silentMs >= timeoutMs) {
        this.drop('no sign of life', lost(`The server was silent for ${silentMs} ms`));
        return;
      }
      this.send('{"type":"heartbeat"}');
      this.watch(intervalMs, timeoutMs);
    });
  }

  private end(code: number, reason: string): void {
    if (this.over) return;
    this.over = true;
    this.cancelTimer();
    this.handlers.onEnd({
      code,
      reason,
      error: this.lastError ?? lost(`The connection was closed: ${code} ${reason}`),
    });
  }
}

function lost(message: string): GoldenpathError {
  return new GoldenpathError('connection_lost', message, { retryable: true });
}
