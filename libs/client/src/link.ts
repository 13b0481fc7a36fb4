import type { ConnectionReadyFrame, ServerFrame } from '@goldenpath/protocol';
import { reconnectPolicy } from '@goldenpath/protocol';
import { Connection, type ConnectionEnd } from './connection.js';
import { GoldenpathError } from './goldenpath-error.js';
import { socketOpener } from './open-socket.js';
import type { Settings } from './options.js';
import { reconnectDelayMs } from './reconnect-delay.js';

/** A connection that lived this long was a good one: the count of losses in a row starts anew. */
const STABLE_AFTER_MS = 10_000;
/** Tokens refused in a row: one may have been cached, two are no accident. */
const MAX_REFUSALS = 2;

export interface LinkEnd extends ConnectionEnd {
  /** Until the next try; undefined: there will be none. */
  retryInMs: number | undefined;
}

export interface LinkHandlers {
  onReady(frame: ConnectionReadyFrame): void;
  onFrame(frame: ServerFrame): void;
  onEnd(end: LinkEnd): void;
}

/** Keeps one connection up: opens it, and after a loss opens the next as the close code allows. */
export class Link {
  isReady = false;
  private connection: Connection | undefined;
  private readyAtMs = 0;
  private wasEverReady = false;
  private lossesInARow = 0;
  private refusalsInARow = 0;
  private retryAfterMs = 0;
  /** Changes with every open and close, so that an opening that was overtaken notices. */
  private wanted: symbol | undefined;
  private cancelRetry: () => void = () => undefined;

  constructor(
    private readonly settings: Settings,
    private readonly handlers: LinkHandlers,
  ) {}

  /** Connected, or about to be. */
  get isOpen(): boolean {
    return this.wanted !== undefined;
  }

  /** Does nothing on a link that is open or is being opened. The first connection is tried once. */
  open(): void {
    if (this.wanted !== undefined) return;
    this.wanted = Symbol('open');
    this.wasEverReady = false;
    this.lossesInARow = 0;
    this.refusalsInARow = 0;
    void this.connect(this.wanted);
  }

  /** Only on a link that is ready. */
  send(text: string): void {
    if (this.connection === undefined) throw new GoldenpathError('not_connected', 'There is no connection');
    this.connection.send(text);
  }

  close(): void {
    this.wanted = undefined;
    this.cancelRetry();
    this.connection?.close();
  }

  /** The connection is of no use for the reason given: end it and open the next. */
  restart(error: GoldenpathError): void {
    this.connection?.drop('restarted by the client', error);
  }

  private async connect(wanted: symbol): Promise<void> {
    try {
      const { token } = this.settings;
      const open = await socketOpener(this.settings);
      const given = typeof token === 'string' ? token : await token();
      // Before there is a socket: one of `ws` that is closed while it connects, and not listened to, throws into the process.
      if (this.wanted !== wanted) return;
      this.connection = new Connection(open(given), this.settings, {
        onReady: (frame) => this.begin(frame),
        onFrame: (frame) => this.receive(frame),
        onEnd: (end) => this.end(end),
      });
    } catch (cause) {
      if (this.wanted === wanted)
        this.end({ code: 1006, reason: 'could not open', error: GoldenpathError.from(cause) });
    }
  }

  private begin(frame: ConnectionReadyFrame): void {
    this.isReady = true;
    this.wasEverReady = true;
    this.refusalsInARow = 0;
    this.readyAtMs = this.settings.clock.nowMs();
    this.retryAfterMs = 0;
    this.handlers.onReady(frame);
  }

  private receive(frame: ServerFrame): void {
    if (frame.type === 'server_draining') this.retryAfterMs = frame.retry_after_ms;
    if (frame.type === 'auth_expiring') void this.renew();
    this.handlers.onFrame(frame);
  }

  /** A failure is not fatal here: the server closes with 4401, and a new connection asks for a new token. */
  private async renew(): Promise<void> {
    const { token } = this.settings;
    if (typeof token === 'string') return;
    const connection = this.connection;
    try {
      const renewed = await token();
      if (connection === this.connection) connection?.send(JSON.stringify({ type: 'authenticate', token: renewed }));
    } catch {
      // The token there is lasts until it expires.
    }
  }

  private end(end: ConnectionEnd): void {
    const stable = this.isReady && this.settings.clock.nowMs() - this.readyAtMs >= STABLE_AFTER_MS;
    if (stable) this.lossesInARow = 0;
    if (reconnectPolicy(end.code) === 'new_token') this.refusalsInARow += 1;
    this.connection = undefined;
    this.isReady = false;
    const retryInMs = this.retryDelayMs(end);
    this.lossesInARow += 1;
    const { wanted } = this;
    if (retryInMs === undefined || wanted === undefined) this.wanted = undefined;
    else this.cancelRetry = this.settings.clock.after(retryInMs, () => void this.connect(wanted));
    this.handlers.onEnd({ ...end, retryInMs });
  }

  /** Undefined: don't. */
  private retryDelayMs(end: ConnectionEnd): number | undefined {
    const policy = reconnectPolicy(end.code);
    if (this.wanted === undefined || !this.wasEverReady || policy === 'never') return undefined;
    if (this.lossesInARow >= this.settings.maxReconnectAttempts) return undefined;
    const tokenIsFixed = typeof this.settings.token === 'string' || this.refusalsInARow >= MAX_REFUSALS;
    if (policy === 'new_token' && tokenIsFixed) return undefined;
    const retryAfterMs = Math.max(this.retryAfterMs, end.error.retryAfterMs ?? 0);
    return reconnectDelayMs({ policy, attempt: this.lossesInARow, retryAfterMs }, this.settings.random);
  }
}
