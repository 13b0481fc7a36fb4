import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { TextStreams } from './text-streams.js';
import { ThreadHub } from './thread-hub.js';

const COALESCED_MS = 40;
const owner = { threadId: 't', userId: 'u', runId: 'r', messageId: 'm' };

describe('a text that is taken back', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  function open() {
    const hub = new ThreadHub();
    const frames: unknown[] = [];
    hub.notify = ({ frame }) => void frames.push(JSON.parse(frame));
    const streams = new TextStreams(hub);
    return { streams, frames, text: streams.open(owner, false) };
  }

  it('is dropped by clients, and the next one goes on counting', () => {
    const { frames, text } = open();
    text.append('You sp');
    jest.advanceTimersByTime(COALESCED_MS);
    text.append('ent');
    text.reset();
    text.append('Spend was $5.');
    jest.advanceTimersByTime(COALESCED_MS);
    expect(frames).toMatchObject([
      { type: 'text_delta', index: 0, text: 'You sp' },
      { type: 'text_snapshot', index: 0, text: '', reset: true },
      { type: 'text_delta', index: 1, text: 'Spend was $5.' },
    ]);
    text.close();
  });

  it('is not shown to a latecomer either', () => {
    const { streams, text } = open();
    text.append('You sp');
    jest.advanceTimersByTime(COALESCED_MS);
    text.reset();
    text.append('Spend');
    jest.advanceTimersByTime(COALESCED_MS);
    expect(JSON.parse(streams.snapshotOf('t') ?? '')).toMatchObject({ index: 1, text: 'Spend' });
    text.close();
  });

  it('sends nothing when nobody has seen it', () => {
    const { frames, text } = open();
    text.append('You sp');
    text.reset();
    jest.advanceTimersByTime(COALESCED_MS);
    text.close();
    expect(frames).toEqual([]);
  });
});
