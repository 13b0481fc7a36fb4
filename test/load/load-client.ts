import { once } from 'node:events';
import { WebSocket } from 'ws';

/** Enough of a frame to see its kind and type; frames are never parsed whole. */
const HEAD_BYTES = 64;
const OPEN_TIMEOUT_MS = 30_000;

export interface Answer {
  /** From sending the message to the supervisor's agent_started. */
  readonly startedMs: number;
  /** From sending the message to the final event. */
  readonly finishedMs: number;
  readonly agents: number;
  readonly durableEvents: number;
  readonly completed: boolean;
}

interface Question {
  readonly sentAtMs: number;
  startedAtMs: number | undefined;
  agents: number;
  durableEvents: number;
  resolve(answer: Answer): void;
  reject(error: Error): void;
}

/** One connection of one user, that asks and waits: as cheap as possible, because it shares the machine with the server. */
export class LoadClient {
  /** Events of the log received so far. */
  durableEvents = 0;
  /** Gets every frame, where somebody wants to keep them. */
  onFrame: ((text: string) => void) | undefined;
  private question: Question | undefined;
  private awaited: { events: number; resolve(): void; reject(error: Error): void } | undefined;
  private ready: (() => void) | undefined;

  private constructor(private readonly socket: WebSocket) {
    socket.on('message', (data) => this.take(data as Buffer));
    socket.on('close', (code) => this.fail(new Error(`the server closed the connection (${code})`)));
    socket.on('error', (error) => this.fail(error));
  }

  /** Resolves after connection_ready. */
  static async open(url: string, token: string): Promise<LoadClient> {
    const socket = new WebSocket(url, {
      headers: { authorization: `Bearer ${token}` },
      perMessageDeflate: false,
      handshakeTimeout: OPEN_TIMEOUT_MS,
    });
    const client = new LoadClient(socket);
    const ready = new Promise<void>((resolve) => (client.ready = resolve));
    await once(socket, 'open');
    await ready;
    return client;
  }

  /** Sends a message into a new thread; resolves with its final event. One at a time. */
  ask(text: string): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.question = {
        sentAtMs: performance.now(),
        startedAtMs: undefined,
        agents: 0,
        durableEvents: 0,
        resolve,
        reject,
      };
      this.socket.send(JSON.stringify({ type: 'user_message', text }));
    });
  }

  /** Follows a thread from its beginning; resolves with its last event. */
  resume(threadId: string, events: number): Promise<void> {
    return new Promise((resolve, reject) => {
      this.awaited = { events: this.durableEvents + events, resolve, reject };
      this.socket.send(JSON.stringify({ type: 'subscribe', threads: [{ thread_id: threadId, after_seq: 0 }] }));
    });
  }

  async close(): Promise<void> {
    if (this.socket.readyState === WebSocket.CLOSED) return;
    this.socket.close(1000);
    await once(this.socket, 'close');
  }

  private take(frame: Buffer): void {
    this.onFrame?.(frame.toString('utf8'));
    const head = frame.toString('latin1', 0, HEAD_BYTES);
    if (head.startsWith('{"seq":')) this.takeEvent(head, frame);
    else if (head.includes('"type":"connection_ready"')) this.ready?.();
    else if (head.includes('"type":"error"')) this.fail(new Error(frame.toString('utf8')));
  }

  private takeEvent(head: string, frame: Buffer): void {
    this.durableEvents += 1;
    if (this.durableEvents === this.awaited?.events) this.awaited.resolve();
    const { question } = this;
    if (question === undefined) return;
    question.durableEvents += 1;
    if (head.includes('"type":"agent_started"')) {
      question.startedAtMs ??= performance.now();
      question.agents += 1;
    } else if (head.includes('"type":"agent_completed"') && frame.includes('"final":true')) {
      this.finish(question, frame);
    }
  }

  private finish(question: Question, frame: Buffer): void {
    this.question = undefined;
    const nowMs = performance.now();
    question.resolve({
      startedMs: (question.startedAtMs ?? nowMs) - question.sentAtMs,
      finishedMs: nowMs - question.sentAtMs,
      agents: question.agents,
      durableEvents: question.durableEvents,
      completed: frame.includes('"status":"completed"'),
    });
  }

  private fail(error: Error): void {
    this.question?.reject(error);
    this.awaited?.reject(error);
    this.question = undefined;
  }
}
