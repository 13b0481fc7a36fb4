import { get, type ClientRequest, type IncomingMessage } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';

export interface SentData {
  readonly id: string | undefined;
  readonly data: string;
}

/** The server writes a comment every 15 s; a stream that is silent for longer is gone for this client. */
const SILENCE_MS = 20_000;

/** One answer of server-sent events, until it ends in whatever way. */
export class ThreadStream {
  private request: ClientRequest | undefined;
  private response: IncomingMessage | undefined;
  private rest = '';
  private heardMs = performance.now();

  constructor(private readonly take: (event: SentData) => void) {}

  /** Resolves when it is over, with the status of the answer; undefined when there was none. */
  read(url: string, token: string, lastSeq: number): Promise<number | undefined> {
    const headers = {
      accept: 'text/event-stream',
      authorization: `Bearer ${token}`,
      ...(lastSeq === 0 ? {} : { 'last-event-id': String(lastSeq) }),
    };
    return new Promise((resolve) => {
      const watch = setInterval(() => this.watch(), 1_000);
      const request = get(url, { headers, agent: false }, (response) => this.listen(response));
      this.request = request;
      request.on('error', () => undefined);
      request.on('close', () => {
        clearInterval(watch);
        // What came whole before the connection was closed may still wait for a reader that stands still: it is not over before that is read.
        const { response } = this;
        if (response === undefined || response.closed) resolve(response?.statusCode);
        else response.once('close', () => resolve(response.statusCode));
      });
    });
  }

  async stall(durationMs: number): Promise<void> {
    this.response?.pause();
    await pause(durationMs);
    this.heardMs = performance.now();
    this.response?.resume();
  }

  close(): void {
    this.request?.destroy();
  }

  private listen(response: IncomingMessage): void {
    this.response = response;
    response.setEncoding('utf8');
    response.on('error', () => undefined);
    response.on('data', (text: string) => {
      this.heardMs = performance.now();
      if (response.statusCode === 200) this.parse(text);
    });
  }

  private watch(): void {
    if (performance.now() - this.heardMs > SILENCE_MS) this.close();
  }

  /** What a cut leaves of an event at the end is not one. */
  private parse(text: string): void {
    const blocks = (this.rest + text).split('\n\n');
    this.rest = blocks.pop() ?? '';
    for (const block of blocks) {
      const lines = block.split('\n');
      const data = fieldOf(lines, 'data');
      if (data !== undefined) this.take({ id: fieldOf(lines, 'id'), data });
    }
  }
}

const fieldOf = (lines: readonly string[], name: string): string | undefined =>
  lines.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2);
