import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { WebSocket } from 'ws';
import { isJsonObject, type JsonObject } from '../../src/context/json.js';
import { until } from './until.js';

export interface SocketOptions {
  readonly protocols?: readonly string[];
  readonly headers?: Readonly<Record<string, string>>;
  /** false: a peer that answers no ping. */
  readonly autoPong?: boolean;
}

export interface Closed {
  readonly code: number;
  readonly reason: string;
}

/** An upgrade that got an HTTP answer. */
export interface UpgradeRefusal {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: unknown;
}

type Wanted = string | ((frame: JsonObject) => boolean);

const WAIT_MS = 10_000;

/** A raw client: sends what it is told, keeps what it gets, in order. */
export class SocketClient {
  readonly frames: JsonObject[] = [];
  readonly texts: string[] = [];
  pings = 0;
  closed: Closed | undefined;
  private read = 0;
  private nextId = 1;

  private constructor(readonly socket: WebSocket) {
    socket.on('message', (data) => this.take(Buffer.isBuffer(data) ? data.toString('utf8') : ''));
    socket.on('ping', () => (this.pings += 1));
    socket.on('close', (code, reason) => (this.closed = { code, reason: reason.toString() }));
    socket.on('error', () => undefined);
  }

  /** Resolves when the upgrade succeeded; throws when it didn't. */
  static async open(url: string, options: SocketOptions = {}): Promise<SocketClient> {
    const client = new SocketClient(newSocket(url, options));
    await once(client.socket, 'open');
    return client;
  }

  /** Resolves with the HTTP answer of an upgrade that is expected to be refused. */
  static async refusal(url: string, options: SocketOptions = {}): Promise<UpgradeRefusal> {
    const socket = newSocket(url, options);
    socket.on('error', () => undefined);
    const [, response] = (await once(socket, 'unexpected-response')) as [unknown, IncomingMessage];
    let text = '';
    for await (const chunk of response) text += String(chunk);
    return {
      status: response.statusCode ?? 0,
      headers: response.headers,
      body: text === '' ? undefined : JSON.parse(text),
    };
  }

  send(frame: JsonObject): void {
    this.sendText(JSON.stringify(frame));
  }

  sendText(text: string): void {
    this.socket.send(text);
  }

  /** The next frame of a type (or that a condition is true of), after those that were taken before; what lies between is passed over. */
  async next(wanted: Wanted, timeoutMs = WAIT_MS): Promise<JsonObject> {
    const matches = typeof wanted === 'string' ? (frame: JsonObject) => frame.type === wanted : wanted;
    const message = `a frame ${typeof wanted === 'string' ? wanted : 'that was waited for'}; last: ${this.texts.slice(-3).join(' ')}`;
    return until(
      () => {
        while (this.read < this.frames.length) {
          const frame = this.frames[this.read];
          this.read += 1;
          if (frame !== undefined && matches(frame)) return frame;
        }
        return undefined;
      },
      { timeoutMs, message },
    );
  }

  /** Sends a frame under an id of its own and waits for the answer to it. */
  async ask(frame: JsonObject): Promise<JsonObject> {
    const id = `ask-${this.nextId++}`;
    this.send({ ...frame, id });
    return until(() => this.frames.find((answer) => answer.in_reply_to === id), {
      timeoutMs: WAIT_MS,
      message: `an answer to ${JSON.stringify(frame).slice(0, 200)}; last: ${this.texts.slice(-3).join(' ')}`,
    });
  }

  /** The events of a thread that came so far. */
  events(threadId?: string): JsonObject[] {
    return this.frames.filter(
      ({ seq, thread_id: id }) => seq !== undefined && (threadId === undefined || id === threadId),
    );
  }

  async end(timeoutMs = WAIT_MS): Promise<Closed> {
    return until(() => this.closed, { timeoutMs, message: 'the socket to be closed' });
  }

  close(): void {
    this.socket.close();
  }

  terminate(): void {
    this.socket.terminate();
  }

  private take(text: string): void {
    const frame: unknown = JSON.parse(text);
    if (!isJsonObject(frame)) throw new Error(`the server sent what is no frame: ${text.slice(0, 200)}`);
    this.texts.push(text);
    this.frames.push(frame);
  }
}

const newSocket = (url: string, { protocols = [], headers = {}, autoPong = true }: SocketOptions): WebSocket =>
  new WebSocket(url, [...protocols], { headers, autoPong, perMessageDeflate: false });
