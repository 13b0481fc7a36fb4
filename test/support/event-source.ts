import { until } from './until.js';

export interface SentEvent {
  readonly id: string | undefined;
  readonly event: string;
  readonly data: string;
}

const WAIT_MS = 15_000;

/** A reader of server-sent events that keeps what it got, in order. */
export class EventSourceClient {
  readonly events: SentEvent[] = [];
  ended = false;
  private readonly stop = new AbortController();

  private constructor(readonly response: Response) {}

  /** Resolves with the headers of the answer. */
  static async open(url: string, headers: Readonly<Record<string, string>> = {}): Promise<EventSourceClient> {
    const stop = new AbortController();
    const response = await fetch(url, { headers: { accept: 'text/event-stream', ...headers }, signal: stop.signal });
    const client = new EventSourceClient(response);
    stop.signal.throwIfAborted();
    client.stop.signal.addEventListener('abort', () => stop.abort());
    void client.read();
    return client;
  }

  async next(matches: (event: SentEvent) => boolean, timeoutMs = WAIT_MS): Promise<SentEvent> {
    return until(() => this.events.find(matches), {
      timeoutMs,
      message: `an event; last: ${JSON.stringify(this.events.at(-1))}`,
    });
  }

  close(): void {
    this.stop.abort();
  }

  private async read(): Promise<void> {
    let text = '';
    try {
      for await (const chunk of this.response.body ?? []) {
        text += Buffer.from(chunk).toString('utf8');
        const blocks = text.split('\n\n');
        text = blocks.pop() ?? '';
        this.events.push(...blocks.flatMap(sentEvent));
      }
    } catch {
      // Closed by the test, or cut by the server: `ended` says so either way.
    }
    this.ended = true;
  }
}

/** Nothing for a comment or a block that only sets `retry`. */
function sentEvent(block: string): SentEvent[] {
  const fields = new Map(
    block.split('\n').map((line): [string, string] => {
      const colon = line.indexOf(': ');
      return [line.slice(0, colon), line.slice(colon + 2)];
    }),
  );
  const data = fields.get('data');
  return data === undefined ? [] : [{ id: fields.get('id'), event: fields.get('event') ?? 'message', data }];
}
