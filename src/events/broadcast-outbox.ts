import type { BroadcastMessage } from './broadcast.js';

/** Messages wait so long for others to travel with. */
const GATHER_MS = 10;
/** More than this in one gathering means that nobody can keep up: threads are then found by the position check. */
const MESSAGES_MAX = 10_000;

/** Gathers messages for a moment; announcements of one thread become one. */
export class BroadcastOutbox {
  private heads = new Map<string, Head>();
  private notices: BroadcastMessage[] = [];
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly transmit: (messages: readonly BroadcastMessage[]) => void) {}

  put(message: BroadcastMessage): void {
    if (this.heads.size + this.notices.length >= MESSAGES_MAX) return;
    if (message.kind === 'events') this.heads.set(message.threadId, merged(this.heads.get(message.threadId), message));
    else this.notices.push(message);
    this.timer ??= setTimeout(() => this.flush(), GATHER_MS);
  }

  close(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  private flush(): void {
    this.timer = undefined;
    const messages = [...this.heads.values(), ...this.notices];
    this.heads = new Map();
    this.notices = [];
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
