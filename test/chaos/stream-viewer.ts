import { setTimeout as pause } from 'node:timers/promises';
import type { SeenEvent, SeenNotice, ViewerHistory, Violation } from './history.js';
import type { Random } from './random.js';
import { ThreadStream } from './thread-stream.js';

export interface StreamViewerOptions {
  readonly id: string;
  readonly userId: string;
  readonly token: string;
  readonly addresses: readonly string[];
  readonly random: Random;
}

const DENIALS = [404, 409];

/** A client of server-sent events: one stream a thread, opened again and again with the Last-Event-ID that it has. */
export class StreamViewer implements ViewerHistory {
  readonly resumes = true;
  readonly events: SeenEvent[] = [];
  readonly notices: SeenNotice[] = [];
  readonly noted: Violation[] = [];
  /** Streams that it got. */
  connections = 0;
  private readonly cursors = new Map<string, number>();
  private readonly open = new Map<string, ThreadStream>();
  private readonly working: Promise<void>[] = [];
  private stopped = false;

  constructor(private readonly options: StreamViewerOptions) {}

  get id(): string {
    return this.options.id;
  }

  get userId(): string {
    return this.options.userId;
  }

  position(threadId: string): number {
    return this.cursors.get(threadId) ?? 0;
  }

  follow(threadId: string): void {
    if (this.cursors.has(threadId)) return;
    this.cursors.set(threadId, 0);
    this.working.push(this.work(threadId));
  }

  /** Stops reading one of its streams for a while. */
  async stall(durationMs: number): Promise<void> {
    const streams = [...this.open.values()];
    if (streams.length > 0) await this.options.random.pick(streams).stall(durationMs);
  }

  async stop(): Promise<void> {
    this.stopped = true;
    for (const stream of this.open.values()) stream.close();
    await Promise.all(this.working);
  }

  private async work(threadId: string): Promise<void> {
    const { addresses, random, token } = this.options;
    while (!this.stopped) {
      const connection = this.connections;
      const stream = new ThreadStream((event) => this.take(threadId, connection, event));
      this.open.set(threadId, stream);
      const url = `http://${random.pick(addresses)}/api/threads/${threadId}/events?after_seq=0`;
      const status = await stream.read(url, token, this.position(threadId));
      this.open.delete(threadId);
      if (status === 200) this.connections += 1;
      // The server does not know what it has shown, or a thread that it has accepted.
      if (status !== undefined && DENIALS.includes(status)) this.note(`${status} for thread ${threadId}`);
      await pause(random.between(100, 1_000));
    }
  }

  private take(threadId: string, connection: number, { id, data }: { id: string | undefined; data: string }): void {
    if (id === undefined) {
      this.notices.push({ type: 'sent', userId: undefined, threadId });
      return;
    }
    const seq = Number(id);
    if (!data.startsWith(`{"seq":${seq},`)) this.note(`id ${id} for ${data.slice(0, 100)}`);
    this.events.push({ connection, threadId, seq, text: data });
    this.cursors.set(threadId, Math.max(seq, this.position(threadId)));
  }

  private note(what: string): void {
    this.noted.push({ invariant: 'I3', detail: `${this.id}: ${what}` });
  }
}
