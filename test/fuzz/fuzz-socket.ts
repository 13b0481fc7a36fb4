import { once } from 'node:events';
import { WebSocket } from 'ws';
import { isJsonObject } from '../../src/context/json.js';
import type { FuzzFrame } from './frames.js';
import { isBadFrame, judge } from './judge.js';

const BAD_FRAMES_MAX = 100;
const BARRIER_TIMEOUT_MS = 30_000;

/** How a batch of frames ended: how many of them were handled for certain, and whether the server ended the connection. */
export interface BatchEnd {
  readonly handled: number;
  readonly closeCode: number | undefined;
}

/** One connection that throws frames at the server and holds it to its promises. */
export class FuzzSocket {
  private badFrames = 0;
  /** JSON-RPC notifications are never answered, also when they are bad. */
  private unanswerable = 0;
  private barriers = 0;
  private answers = 0;
  private fault: string | undefined;
  private onChange: () => void = () => undefined;
  private closeCode: number | undefined;
  private passed = 0;
  private lastError: string | undefined;

  private constructor(private readonly socket: WebSocket) {
    socket.on('message', (data) => this.take(Buffer.isBuffer(data) ? data.toString('utf8') : ''));
    socket.on('close', (code) => {
      this.closeCode = code;
      this.onChange();
    });
    socket.on('error', () => undefined);
  }

  static async open(url: string, token: string): Promise<FuzzSocket> {
    const socket = new WebSocket(url, { headers: { authorization: `Bearer ${token}` }, perMessageDeflate: false });
    const client = new FuzzSocket(socket);
    // What came before connection_ready would be bounded, and is another test.
    await once(socket, 'message');
    return client;
  }

  /** Sends frames and a ping behind them; its pong means that all of them were handled. Throws when an answer is not what it may be. */
  async batch(frames: readonly FuzzFrame[]): Promise<BatchEnd> {
    const answersBefore = this.answers;
    for (const frame of frames) this.send(frame);
    this.barriers += 1;
    this.socket.send(JSON.stringify({ type: 'ping', id: `barrier-${this.barriers}` }));
    await this.settled(this.barriers);
    if (this.fault !== undefined) throw new Error(this.fault);
    if (this.closeCode === undefined) return { handled: frames.length, closeCode: undefined };
    this.checkClose(this.closeCode);
    return { handled: Math.min(frames.length, this.answers - answersBefore), closeCode: this.closeCode };
  }

  close(): void {
    this.socket.close();
  }

  private send({ text, binary, fragments }: FuzzFrame): void {
    if (isNotification(text)) this.unanswerable += 1;
    const bytes = Buffer.from(text);
    const size = Math.max(1, Math.ceil(bytes.length / fragments));
    for (let piece = 0; piece < fragments; piece += 1) {
      const fin = piece === fragments - 1;
      this.socket.send(bytes.subarray(piece * size, fin ? undefined : (piece + 1) * size), { binary, fin });
    }
  }

  private take(text: string): void {
    const { fault, error, frame } = judge(text);
    if (fault !== undefined) this.fault ??= `${fault}: ${text.slice(0, 1_000)}`;
    if (error !== undefined) {
      this.lastError = error;
      if (isBadFrame(error)) this.badFrames += 1;
    }
    this.answers += 1;
    if (frame.type === 'pong' && typeof frame.in_reply_to === 'string' && frame.in_reply_to.startsWith('barrier-')) {
      this.passed = Number(frame.in_reply_to.slice('barrier-'.length));
      this.onChange();
    }
  }

  /** 4400 with the hundredth bad frame and not before; 4401 only after a token that is none. */
  private checkClose(code: number): void {
    const isHundred = this.badFrames <= BAD_FRAMES_MAX && this.badFrames + this.unanswerable >= BAD_FRAMES_MAX;
    const isTooManyBadFrames = code === 4400 && isHundred;
    const isBadToken = code === 4401 && this.lastError === 'token_invalid';
    if (isTooManyBadFrames || isBadToken) return;
    throw new Error(
      `closed with ${code} after ${this.badFrames} bad frames; the last error was ${this.lastError ?? 'none'}`,
    );
  }

  private settled(barrier: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error('the server answers no more')), BARRIER_TIMEOUT_MS);
      this.onChange = () => {
        if (this.passed < barrier && this.closeCode === undefined) return;
        clearTimeout(timer);
        resolve();
      };
      this.onChange();
    });
  }
}

function isNotification(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return isJsonObject(value) && value.jsonrpc === '2.0' && !Object.hasOwn(value, 'id');
  } catch {
    return false;
  }
}
