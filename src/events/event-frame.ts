import { withSeq } from '@goldenpath/protocol';
import type { StoredEvent } from './thread-hub.js';

const frames = new WeakMap<StoredEvent, string>();

/** The frame of an event, made once for all connections that it goes to: where it waits for slow ones, it lies in memory once. */
export function frameOf(event: StoredEvent): string {
  const known = frames.get(event);
  if (known !== undefined) return known;
  const frame = withSeq(event.text, event.seq);
  frames.set(event, frame);
  return frame;
}
