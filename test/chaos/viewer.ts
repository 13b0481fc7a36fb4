import { setTimeout as pause } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { z } from 'zod';
import type { SeenEvent, SeenNotice, ViewerHistory, Violation } from './history.js';
import type { Random } from './random.js';

/** The fields of frames that the harness acts on. */
const frame = z.object({
  type: z.string(),
  seq: z.number().optional(),
  thread_id: z.string().optional(),
  user_id: z.string().optional(),
  run_id: z.string().optional(),
  message_id: z.string().optional(),
  in_reply_to: z.string().optional(),
  code: z.string().optional(),
  final: z.boolean().optional(),
  threads: z
    .array(z.object({ thread_id: z.string().optional(), error: z.object({ code: z.string() }).optional() }))
    .optional()
    .catch(undefined),
});
export type Frame = z.infer<typeof frame>;

export interface ViewerOptions {
  readonly id: string;
  readonly userId: string;
  readonly token: string;
  /** Hosts and ports of the servers that take connections; one is picked for each connection. */
  readonly addresses: readonly string[];
  readonly resumes: boolean;
  readonly random: Random;
}

const ANSWER_MS = 8_000;
const HOARDED_ANSWERS = 600;
const HOARD_MS = 40_000;
/** A server that says nothing for so long, not even a ping, is gone for this client. */
const SILENCE_MS = 6_000;
const WATCH_MS = 500;
const DENIALS = ['cursor_ahead', 'thread_not_found', 'log_changed'];

/** A client of the harness' own: connects again and again, resumes after the last seq it has, keeps every byte. */
export class Viewer implements ViewerHistory {
  readonly events: SeenEvent[] = [];
  readonly notices: SeenNotice[] = [];
  readonly noted: Violation[] = [];
  /** Runs whose final event it has. */
  readonly finals = new Set<string>();
  connections = 0;
  private readonly cursors = new Map<string, number>();
  private readonly waiting = new Map<string, (answer: Frame | undefined) => void>();
  private socket: WebSocket | undefined;
  private heardMs = 0;
  private nextId = 1;
  private ready = false;
  private stopped = false;
  private working: Promise<void> | undefined;

  constructor(private readonly options: ViewerOptions) {}

  get id(): string {
    return this.options.id;
  }

  get userId(): string {
    return this.options.userId;
  }

  get resumes(): boolean {
    return this.options.resumes;
  }

  start(): void {
    this.working = this.work();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    this.socket?.terminate();
    await this.working;
  }

  /** The last seq that it has of a thread; 0: none. */
  position(threadId: string): number {
    return this.cursors.get(threadId) ?? 0;
  }

  /** Follows a thread from its first event on. */
  follow(threadId: string): void {
    if (!this.resumes || this.cursors.has(threadId)) return;
    this.cursors.set(threadId, 0);
    // Before connection_ready it would be subscribed twice, and so come twice.
    if (this.ready) void this.subscribe([threadId]);
  }

  /** Stops reading for a while. */
  async stall(durationMs: number): Promise<void> {
    const { socket } = this;
    if (socket?.readyState !== WebSocket.OPEN) return;
    socket.pause();
    await pause(durationMs);
    this.heardMs = performance.now();
    socket.resume();
  }

  /** Asks for the history of a thread, again and again, and reads nothing of it until the server has had enough. */
  async hoard(): Promise<'impossible' | 'kept' | 'ended'> {
    const { socket } = this;
    const threadId = [...this.cursors.keys()].at(-1);
    if (socket?.readyState !== WebSocket.OPEN || threadId === undefined) return 'impossible';
    socket.pause();
    const request = JSON.stringify({ type: 'get_thread_history', thread_id: threadId, limit: 100 });
    for (let sent = 0; sent < HOARDED_ANSWERS; sent += 1) socket.send(request);
    for (let waitedMs = 0; waitedMs < HOARD_MS && !this.isGone(socket); waitedMs += WATCH_MS) await pause(WATCH_MS);
    const isEnded = this.isGone(socket) && !this.stopped;
    this.heardMs = performance.now();
    socket.resume();
    return isEnded ? 'ended' : 'kept';
  }

  /** Also a paused socket learns of a connection that the server has cut, when it writes to it. */
  private isGone(socket: WebSocket): boolean {
    if (socket.readyState === WebSocket.OPEN) socket.ping();
    return this.stopped || socket.readyState !== WebSocket.OPEN;
  }

  /** Undefined: no answer came, whatever the server did with it. */
  ask(fields: Readonly<Record<string, unknown>>): Promise<Frame | undefined> {
    const { socket } = this;
    if (socket?.readyState !== WebSocket.OPEN) return Promise.resolve(undefined);
    const id = `${this.connections}-${this.nextId++}`;
    return new Promise((resolve) => {
      const timer = setTimeout(() => done(undefined), ANSWER_MS);
      const done = (answer: Frame | undefined): void => {
        clearTimeout(timer);
        this.waiting.delete(id);
        resolve(answer);
      };
      this.waiting.set(id, done);
      socket.send(JSON.stringify({ ...fields, id }));
    });
  }

  private async work(): Promise<void> {
    while (!this.stopped) {
      await this.connection();
      for (const done of [...this.waiting.values()]) done(undefined);
      await pause(this.options.random.between(10, 400));
    }
  }

  /** One connection, until it is over. */
  private connection(): Promise<void> {
    const { addresses, random, token, resumes } = this.options;
    const url = `ws://${random.pick(addresses)}/ws${resumes ? '?follow=none' : ''}`;
    const socket = new WebSocket(url, {
      headers: { authorization: `Bearer ${token}` },
      perMessageDeflate: false,
      handshakeTimeout: SILENCE_MS,
    });
    this.socket = socket;
    this.connections += 1;
    const connection = this.connections;
    this.heardMs = performance.now();
    return new Promise((resolve) => {
      const watch = setInterval(() => this.watch(socket), WATCH_MS);
      socket.on('ping', () => (this.heardMs = performance.now()));
      socket.on('error', () => undefined);
      socket.on('message', (data) => {
        this.heardMs = performance.now();
        if (Buffer.isBuffer(data)) this.take(data.toString('utf8'), connection);
      });
      socket.on('close', () => {
        clearInterval(watch);
        this.ready = false;
        resolve();
      });
    });
  }

  private watch(socket: WebSocket): void {
    if (!socket.isPaused && performance.now() - this.heardMs > SILENCE_MS) socket.terminate();
  }

  private take(text: string, connection: number): void {
    const parsed = frame.parse(JSON.parse(text));
    const { type, seq, thread_id: threadId } = parsed;
    if (seq !== undefined && threadId !== undefined) {
      this.events.push({ connection, threadId, seq, text });
      this.cursors.set(threadId, Math.max(seq, this.position(threadId)));
      if (parsed.final === true && parsed.run_id !== undefined) this.finals.add(parsed.run_id);
      return;
    }
    this.notices.push({ type, userId: parsed.user_id, threadId });
    if (type === 'connection_ready') {
      this.ready = true;
      if (this.resumes) void this.subscribe([...this.cursors.keys()]);
    }
    if (parsed.in_reply_to !== undefined) this.waiting.get(parsed.in_reply_to)?.(parsed);
  }

  private async subscribe(threadIds: readonly string[]): Promise<void> {
    if (threadIds.length === 0) return;
    const { socket } = this;
    const threads = threadIds.map((threadId) => ({ thread_id: threadId, after_seq: this.position(threadId) }));
    const answer = await this.ask({ type: 'subscribe', threads });
    const results = answer?.type === 'subscribed' ? (answer.threads ?? []) : undefined;
    for (const { thread_id: threadId, error } of results ?? []) {
      // The server does not know what it has shown, or a thread that it has accepted.
      if (error !== undefined && DENIALS.includes(error.code))
        this.noted.push({ invariant: 'I3', detail: `${this.id}: ${error.code} for thread ${threadId ?? ''}` });
    }
    // Refused for now, or unanswered: the next connection begins anew.
    if (results === undefined || results.some(({ error }) => error !== undefined && !DENIALS.includes(error.code)))
      socket?.terminate();
  }
}
