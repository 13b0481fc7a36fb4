import type { BroadcastMessage } from './broadcast.js';

/** Messages wait so long for others to travel with. */
const GATHER_MS = 10;
/** More than this in one gathering means that nobody can keep up: threads are then found by the position check. */
const MESSAGES_MAX = 10_000;

/** Gathers messages for a moment and keeps their order; announcements of one thread with no text between them become one. */
export class BroadcastOutbox {
  private messages: BroadcastMessage[] = [];
  /** Where the announcement of a thread stands that a later one can be added to. */
  private heads = new Map<string, { readonly place: number; readonly head: Head }>();
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly transmit: (messages: readonly BroadcastMessage[]) => void) {}

  put(message: BroadcastMessage): void {
    if (message.kind === 'events') this.putHead(message);
    else this.append(message);
    this.timer ??= setTimeout(() => this.flush(), GATHER_MS);
  }

  close(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  private putHead(message: Head): void {
    const earlier = this.heads.get(message.threadId);
    const head = merged(earlier?.head, message);
    const place = earlier?.place ?? this.messages.length;
    if (place >= MESSAGES_MAX) return;
    this.messages[place] = head;
    this.heads.set(message.threadId, { place, head });
  }

  private append(message: BroadcastMessage): void {
    if (this.messages.length >= MESSAGES_MAX) return;
    this.messages.push(message);
    // Who reads the log passes a text over meanwhile: what was committed behind the text must not be told of before it.
    if (message.kind === 'notice' || message.kind === 'text') this.heads.delete(message.threadId);
  }

  private flush(): void {
    this.timer = undefined;
    const { messages } = this;
    this.messages = [];
    this.heads = new Map();
    this.transmit(messages);
  }
}

type Head = Extract<BroadcastMessage, { kind: 'events' }>;

const merged = (earlier: Head | undefined, later: Head): Head =>
  earlier === undefined
    ? later
    : {
        ...later,
        firstSeq: Math.min(earlier.firstSeq, later.firstSeq),
        lastSeq: Math.max(earlier.lastSeq, later.lastSeq),
      };
