import { afterEach, beforeEach, expect, it, jest } from '@jest/globals';
import type { BroadcastMessage } from './broadcast.js';
import { BroadcastOutbox } from './broadcast-outbox.js';

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

const head = (threadId: string, firstSeq: number, lastSeq = firstSeq): BroadcastMessage => ({
  ...{ kind: 'events', threadId, userId: 'u', firstSeq, lastSeq },
});
const delta = (threadId: string): BroadcastMessage => ({
  ...{ kind: 'notice', threadId, userId: 'u', frame: '{}' },
  text: { messageId: 'm', index: 0, kind: 'delta' },
});

/** What goes out in one gathering. */
function gathered(...messages: BroadcastMessage[]): BroadcastMessage[] {
  const sent: BroadcastMessage[] = [];
  const outbox = new BroadcastOutbox((transmitted) => void sent.push(...transmitted));
  for (const message of messages) outbox.put(message);
  jest.runAllTimers();
  return sent;
}

it('an announcement does not overtake the text before it', () => {
  const inOrder = [head('a', 1, 2), delta('a'), head('a', 3)];
  expect(gathered(head('a', 1), head('a', 2), delta('a'), head('a', 3))).toEqual(inOrder);
});

it('announcements of a thread become one, whatever other threads tell meanwhile', () => {
  expect(gathered(head('a', 1), delta('b'), head('b', 1), head('a', 2), { kind: 'process' }, head('a', 3))).toEqual([
    head('a', 1, 3),
    delta('b'),
    head('b', 1),
    { kind: 'process' },
  ]);
});

it('few wait, and those that wait still take later announcements', () => {
  const threads = Array.from({ length: 10_001 }, (_, index) => head(String(index), 1));
  const sent = gathered(...threads, delta('a'), head('0', 2));
  expect(sent).toHaveLength(10_000);
  expect(sent[0]).toEqual(head('0', 1, 2));
});
