import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { WebSocket } from 'ws';
import { isJsonObject, type JsonObject } from '../../src/context/json.js';

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
  private readonly waiting = new Set<() => void>();

  private constructor(readonly socket: WebSocket) {
    socket.on('message', (data) => this.take(Buffer.isBuffer(data) ? data.toString('utf8') : ''));
    socket.on('ping', () => (this.pings += 1));
    socket.on('close', (code, reason) => {
      this.closed = { code, reason: reason.toString() };
      this.changed();
    });
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
  next(wanted: Wanted, timeoutMs = WAIT_MS): Promise<JsonObject> {
    const matches = typeof wanted === 'string' ? (frame: JsonObject) => frame.type === wanted : wanted;
    const look = (): JsonObject | undefined => {
      while (this.read < this.frames.length) {
        const frame = this.frames[this.read];
        this.read += 1;
        if (frame !== undefined && matches(frame)) return frame;
      }
      return undefined;
    };
    return this.waitFor(look, { timeoutMs, message: typeof wanted === 'string' ? wanted : 'a certain frame' });
  }

  /** Sends a frame under an id of its own and waits for the answer to it. */
  ask(frame: JsonObject): Promise<JsonObject> {
    const id = `ask-${this.nextId++}`;
    this.send({ ...frame, id });
    const look = (): JsonObject | undefined => this.frames.find((answer) => answer.in_reply_to === id);
    return this.waitFor(look, { timeoutMs: WAIT_MS, message: `the answer to ${JSON.stringify(frame).slice(0, 200)}` });
  }

  /** The events of a thread that came so far. */
  events(threadId?: string): JsonObject[] {
    return this.frames.filter(
      ({ seq, thread_id: id }) => seq !== undefined && (threadId === undefined || id === threadId),
    );
  }

  end(timeoutMs = WAIT_MS): Promise<Closed> {
    return this.waitFor(() => this.closed, { timeoutMs, message: 'the close of the socket' });
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
    this.changed();
  }

  private changed(): void {
    for (const look of this.waiting) look();
  }

  /** Looks again at every frame, at once, so that a test is no slower than the server. Throws when the socket closes in vain. */
  private waitFor<Value>(look: () => Value | undefined, { timeoutMs, message }: Wait): Promise<Value> {
    return new Promise((resolve, reject) => {
      const fail = (why: string): void => {
        finish();
        reject(
          new Error(
            `${why} while waiting for ${message}; last frames: ${this.texts.slice(-3).join(' ').slice(0, 2000)}`,
          ),
        );
      };
      const again = (): void => {
        const value = look();
        if (value === undefined && this.closed === undefined) return;
        if (value === undefined) {
          fail(`closed with ${this.closed?.code ?? ''}`);
          return;
        }
        finish();
        resolve(value);
      };
      const timer = setTimeout(() => fail(`${timeoutMs} ms passed`), timeoutMs);
      const finish = (): void => {
        clearTimeout(timer);
        this.waiting.delete(again);
      };
      this.waiting.add(again);
      again();
    });
  }
}

interface Wait {
  readonly timeoutMs: number;
  readonly message: string;
}

const newSocket = (url: string, { protocols = [], headers = {}, autoPong = true }: SocketOptions): WebSocket =>
  new WebSocket(url, [...protocols], { headers, autoPong, perMessageDeflate: false });
