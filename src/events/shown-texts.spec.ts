import { describe, expect, it } from '@jest/globals';
import { ShownTexts } from './shown-texts.js';
import type { ThreadNotice } from './thread-hub.js';

const ASK_AGAIN_MS = 500;

/** What a connection is shown of texts that another process writes. */
function shownTexts() {
  let nowMs = 0;
  const wanted: (string | undefined)[] = [];
  const sent: string[] = [];
  const texts = new ShownTexts({
    userId: 'u',
    texts: { snapshotOf: () => undefined, want: ({ threadId }) => void wanted.push(threadId) },
    send: (frame) => void sent.push(frame),
    clock: { monotonicMs: () => nowMs },
  });
  const delta = (threadId: string, index: number): ThreadNotice => ({
    threadId,
    userId: 'u',
    frame: `${threadId} ${index}`,
    text: { messageId: 'm', index, kind: 'delta' },
  });
  const take = (threadId: string, index: number): void => texts.take(delta(threadId, index));
  const wait = (threadId: string, index: number, afterSeq: number): void =>
    texts.wait({ ...delta(threadId, index), afterSeq });
  return { texts, wanted, sent, take, wait, pass: (ms: number) => (nowMs += ms) };
}

describe('a text that may have been missed', () => {
  it('is asked for once, not each time the thread has caught up while nobody writes', () => {
    const { texts, wanted, pass } = shownTexts();
    texts.miss('t');
    for (let times = 0; times < 5; times += 1) {
      texts.settled('t', 0);
      pass(ASK_AGAIN_MS);
    }
    expect(wanted).toEqual(['t']);
  });

  it('is asked for again when more of it was missed, and when more of it comes', () => {
    const { texts, wanted, sent, take, pass } = shownTexts();
    texts.miss('t');
    texts.settled('t', 0);
    pass(ASK_AGAIN_MS);
    texts.miss('t');
    texts.settled('t', 0);
    expect(wanted).toHaveLength(2);
    take('t', 4);
    expect(wanted).toHaveLength(2);
    pass(ASK_AGAIN_MS);
    take('t', 5);
    expect([wanted.length, sent]).toEqual([3, []]);
  });

  it('is forgotten behind a thousand others, and then its next piece is a hole', () => {
    const { texts, wanted, sent, take } = shownTexts();
    take('first', 0);
    texts.miss('first');
    for (let thread = 0; thread < 1_000; thread += 1) texts.miss(String(thread));
    texts.settled('first', 0);
    expect(wanted).toEqual([]);
    take('first', 1);
    expect([wanted, sent]).toEqual([['first'], ['first 0']]);
  });
});

describe('a piece that comes ahead of the event before it', () => {
  it('is shown right behind that event, in its order, and those of other threads are not', () => {
    const { texts, sent, take, wait } = shownTexts();
    take('t', 0);
    wait('t', 1, 7);
    wait('other', 0, 3);
    wait('t', 2, 7);
    wait('t', 3, 8);
    texts.reached('t', 6);
    expect(sent).toEqual(['t 0']);
    texts.reached('t', 7);
    expect(sent).toEqual(['t 0', 't 1', 't 2']);
    texts.reached('t', 8);
    texts.reached('other', 3);
    expect(sent).toEqual(['t 0', 't 1', 't 2', 't 3', 'other 0']);
  });

  it('is not kept behind two hundred others, nor where something was missed: the text so far is asked for', () => {
    const { texts, wanted, sent, wait } = shownTexts();
    for (let index = 0; index <= 200; index += 1) wait('t', index, 7);
    texts.miss('other');
    wait('other', 0, 7);
    for (const threadId of ['t', 'other']) {
      texts.reached(threadId, 7);
      texts.settled(threadId, 0);
    }
    expect([sent, wanted]).toEqual([[], ['t', 'other']]);
  });

  it('is forgotten with its thread', () => {
    const { texts, sent, wait } = shownTexts();
    wait('t', 0, 7);
    texts.forget('t');
    texts.reached('t', 7);
    expect(sent).toEqual([]);
  });
});
