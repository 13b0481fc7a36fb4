import { setImmediate as turn } from 'node:timers/promises';
import { isJsonObject, type JsonObject } from '../../src/context/json.js';
import { ConnectionDelivery } from '../../src/events/connection-delivery.js';
import type { FrameSink } from '../../src/events/frame-sink.js';
import { TextStreams } from '../../src/events/text-streams.js';
import { ThreadHub, type StoredEvent } from '../../src/events/thread-hub.js';
import type { ThreadPositions } from '../../src/events/thread-positions.js';
import { ThreadSubscriptions } from '../../src/events/thread-subscriptions.js';
import { Clock } from '../../src/telemetry/clock.js';

const reader = { tenantId: 'tenant-1', userId: 'user-1', connectionId: 'connection-1', door: 'socket' } as const;
export const owner = { threadId: 'thread-1', userId: 'user-1', runId: 'run-1', messageId: 'message-1' };

class FakeSink implements FrameSink {
  isOpen = true;
  bufferedBytes = 0;
  readonly frames: JsonObject[] = [];

  send(frame: string): void {
    const value: unknown = JSON.parse(frame);
    if (isJsonObject(value)) this.frames.push(value);
  }

  get shown(): unknown[] {
    return this.frames.map(({ seq, type, index, text }) => seq ?? [type, index, text]);
  }
}

/** A connection on a log in memory; pages are handed out when the test says so. */
export function subscribedConnection() {
  const hub = new ThreadHub();
  const texts = new TextStreams(hub);
  const sink = new FakeSink();
  const log: StoredEvent[] = [];
  const pages: (() => void)[] = [];
  const beginnings: ((firstSeq: number | undefined) => void)[] = [];
  const positions: Pick<ThreadPositions, 'lastSeq' | 'page' | 'checkLogId' | 'heads' | 'committed' | 'firstSince'> = {
    lastSeq: () => Promise.resolve(log.length),
    checkLogId: () => undefined,
    committed: () => Promise.resolve('1:1:'),
    firstSince: () => new Promise((resolve) => beginnings.push(resolve)),
    heads: () => Promise.resolve(new Map([[owner.threadId, log.length]])),
    page: (_scope, _threadId, afterSeq) =>
      new Promise((resolve) => pages.push(() => resolve(log.slice(afterSeq, afterSeq + 256)))),
  };
  let slow = 0;
  const subscriptions = new ThreadSubscriptions(reader, sink, () => (slow += 1), {
    hub,
    texts,
    // What subscriptions use of it.
    positions: positions as ThreadPositions,
    onReadError: () => undefined,
    onClosed: () => undefined,
    clock: new Clock(),
    ledger: {
      open: (whose, way) => new ConnectionDelivery(whose, way, new Clock(), () => undefined),
      close: () => undefined,
    },
  });
  /** Events of which nobody is told. */
  const store = (count: number): StoredEvent[] => {
    const first = log.length + 1;
    const events = Array.from({ length: count }, (_, index) => ({ seq: first + index, text: '{"type":"x"}' }));
    log.push(...events);
    return events;
  };
  const commit = (count: number): void => {
    const events = store(count);
    hub.publish({ threadId: owner.threadId, userId: owner.userId, events });
  };
  const read = async (): Promise<void> => {
    await turn();
    pages.shift()?.();
    await turn();
  };
  /** Answers where a thread begins for a connection that follows all. */
  const beginAt = async (firstSeq: number | undefined): Promise<void> => {
    beginnings.shift()?.(firstSeq);
    await turn();
  };
  const subscribe = (afterSeq: number) =>
    subscriptions.subscribe([{ threadId: owner.threadId, afterSeq }], () => undefined);
  return { hub, texts, sink, subscriptions, store, commit, read, beginAt, subscribe, slowCount: () => slow };
}

/** A text whose events are all out. */
export const opening = (reset: boolean) => ({ reset, eventsOut: () => Promise.resolve(undefined) });

/** A delta as another process announces it. */
export const delta = (index: number, text: string) => ({
  threadId: owner.threadId,
  userId: owner.userId,
  frame: JSON.stringify({ type: 'text_delta', index, text }),
  text: { messageId: owner.messageId, index, kind: 'delta' } as const,
});

/** The text so far as the process that writes it sends it to who asked. */
export const whole = (index: number, text: string) => ({
  ...delta(index, text),
  frame: JSON.stringify({ type: 'text_snapshot', index, text }),
  text: { messageId: owner.messageId, index, kind: 'whole' } as const,
});
