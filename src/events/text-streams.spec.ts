import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { BroadcastMessage } from './broadcast.js';
import { packEnvelopes } from './broadcast-envelope.js';
import { TextAssembly, textPieces } from './text-assembly.js';
import { TextStreams } from './text-streams.js';
import { ThreadHub } from './thread-hub.js';

const COALESCED_MS = 40;
const owner = { threadId: 't', userId: 'u', runId: 'r', messageId: 'm' };

describe('a text whose events are still on their way to the disk', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  /** `store` lets the oldest append of the run end. */
  function open() {
    const hub = new ThreadHub();
    const texts: unknown[] = [];
    hub.notify = ({ frame }) => void texts.push((JSON.parse(frame) as { text: unknown }).text);
    const appends: (() => void)[] = [];
    const eventsOut = () => new Promise<undefined>((resolve) => appends.push(() => resolve(undefined)));
    const streams = new TextStreams(hub);
    const text = streams.open(owner, { reset: false, eventsOut });
    const store = async (): Promise<void> => {
      appends.shift()?.();
      await jest.advanceTimersByTimeAsync(0);
    };
    return { streams, texts, text, store };
  }

  it('waits for them, and what was written after a later event waits for that one too', async () => {
    const { texts, text, store } = open();
    text.append('after agent_started');
    await jest.advanceTimersByTimeAsync(COALESCED_MS);
    text.append('after tool_completed');
    await jest.advanceTimersByTimeAsync(COALESCED_MS);
    expect(texts).toEqual([]);
    await store();
    expect(texts).toEqual(['after agent_started']);
    await store();
    expect(texts).toEqual(['after agent_started', 'after tool_completed']);
    text.close();
  });

  it('is not sent any more once it was taken back', async () => {
    const { texts, text, store } = open();
    text.append('wrong');
    await jest.advanceTimersByTimeAsync(COALESCED_MS);
    text.reset();
    await store();
    expect(texts).toEqual([]);
    text.close();
  });

  it('can be shown to a latecomer until its last piece is sent', async () => {
    const { streams, texts, text, store } = open();
    text.append('all of it');
    text.close();
    await store();
    expect(texts).toEqual(['all of it']);
    expect(streams.snapshotOf('t')).toBeUndefined();
  });

  it('is never sent when they never come', async () => {
    const hub = new ThreadHub();
    const frames: string[] = [];
    hub.notify = ({ frame }) => void frames.push(frame);
    const streams = new TextStreams(hub);
    const text = streams.open(owner, { reset: false, eventsOut: () => Promise.reject(new Error('lost')) });
    text.append('of a run that another process has taken over');
    await jest.advanceTimersByTimeAsync(COALESCED_MS);
    text.close();
    await jest.advanceTimersByTimeAsync(0);
    expect(frames).toEqual([]);
    expect(streams.snapshotsFor('u')).toEqual([]);
  });
});

describe('a text that is taken back', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  function open() {
    const hub = new ThreadHub();
    const frames: unknown[] = [];
    hub.notify = ({ frame }) => void frames.push(JSON.parse(frame));
    const streams = new TextStreams(hub);
    return {
      streams,
      frames,
      text: streams.open(owner, { reset: false, eventsOut: () => Promise.resolve(undefined) }),
    };
  }
  const passCoalescing = () => jest.advanceTimersByTimeAsync(COALESCED_MS);

  it('is dropped by clients, and the next one goes on counting', async () => {
    const { frames, text } = open();
    text.append('You sp');
    await passCoalescing();
    text.append('ent');
    text.reset();
    text.append('Spend was $5.');
    await passCoalescing();
    expect(frames).toMatchObject([
      { type: 'text_delta', index: 0, text: 'You sp' },
      { type: 'text_snapshot', index: 0, text: '', reset: true },
      { type: 'text_delta', index: 1, text: 'Spend was $5.' },
    ]);
    text.close();
  });

  it('is not shown to a latecomer either', async () => {
    const { streams, text } = open();
    text.append('You sp');
    await passCoalescing();
    text.reset();
    text.append('Spend');
    await passCoalescing();
    const snapshot = streams.snapshotOf('t');
    expect(snapshot?.text).toEqual({ messageId: 'm', index: 1, kind: 'whole' });
    expect(JSON.parse(snapshot?.frame ?? '')).toMatchObject({ index: 1, text: 'Spend' });
    text.close();
  });

  it('sends nothing when nobody has seen it', async () => {
    const { frames, text } = open();
    text.append('You sp');
    text.reset();
    await passCoalescing();
    text.close();
    expect(frames).toEqual([]);
  });
});

describe('a text that another process asks for', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  function open() {
    const hub = new ThreadHub();
    const told: BroadcastMessage[] = [];
    hub.setOutlet((message) => void told.push(message));
    const streams = new TextStreams(hub);
    const text = streams.open(owner, { reset: false, eventsOut: () => Promise.resolve(undefined) });
    return { streams, told, text };
  }

  it('goes out in pieces that fit, once for all who ask, and only for its user', async () => {
    const { streams, told, text } = open();
    const long = '🙂"\u0001'.repeat(1_000);
    text.append(long);
    await jest.advanceTimersByTimeAsync(COALESCED_MS);
    const deltas = told.splice(0).map((message) => (message.kind === 'notice' ? message : undefined));
    expect(deltas.map((delta) => delta?.text.index)).toEqual(deltas.map((_, index) => index));
    const pieces = deltas.map((delta) => (JSON.parse(delta?.frame ?? '{}') as { text: string }).text);
    expect([pieces.join(''), pieces.every((piece) => piece.isWellFormed())]).toEqual([long, true]);

    for (const userId of ['u', 'somebody else', 'u']) streams.answer({ userId, threadId: 't' });
    streams.answer({ userId: 'u' });
    await jest.advanceTimersByTimeAsync(COALESCED_MS);
    expect(packEnvelopes('me', [...told], 7_900).length).toBeGreaterThan(1);
    for (const message of told) expect(packEnvelopes('me', [message], 7_900)).toHaveLength(1);
    const assembly = new TextAssembly();
    const whole = told.map((message) => (message.kind === 'text' ? assembly.take(message) : undefined));
    expect(whole.filter((notice) => notice !== undefined)).toEqual([streams.snapshotOf('t')]);
    text.close();
  });

  it('is put together of all its pieces or not at all', () => {
    const [first, second, third] = textPieces({
      ...{ threadId: 't', userId: 'u', frame: 'x'.repeat(5_000) },
      text: { messageId: 'm', index: 3, kind: 'whole' },
    });
    if (first === undefined || second === undefined || third === undefined) throw new Error('three pieces');
    const assembly = new TextAssembly();
    expect([first, third].map((piece) => assembly.take(piece))).toEqual([undefined, undefined]);
    expect([second, third].map((piece) => assembly.take(piece))).toEqual([undefined, undefined]);
    expect([first, second, third].map((piece) => assembly.take(piece)?.frame.length)).toEqual([
      undefined,
      undefined,
      5_000,
    ]);
  });

  it('keeps few characters of texts that never end', () => {
    const assembly = new TextAssembly();
    const part = 'x'.repeat(2_000_000);
    for (let thread = 0; thread < 20; thread += 1)
      assembly.take({
        ...{ kind: 'text', threadId: `t${thread}`, userId: 'u', messageId: 'm', index: 0 },
        ...{ piece: 0, isLast: false, part },
      });
    expect(assembly.size).toBe(16_000_000);
  });
});
