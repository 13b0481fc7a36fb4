import { describe, expect, it } from '@jest/globals';
import { ShownTexts } from './shown-texts.js';

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
  const take = (threadId: string, index: number): void =>
    texts.take({
      threadId,
      userId: 'u',
      frame: `${threadId} ${index}`,
      text: { messageId: 'm', index, kind: 'delta' },
    });
  return { texts, wanted, sent, take, pass: (ms: number) => (nowMs += ms) };
}

describe('a text that may have been missed', () => {
  it('is asked for once, not each time the thread has caught up while nobody writes', () => {
    const { texts, wanted, pass } = shownTexts();
    texts.miss('t');
    for (let times = 0; times < 5; times += 1) {
      texts.resume('t');
      pass(ASK_AGAIN_MS);
    }
    expect(wanted).toEqual(['t']);
  });

  it('is asked for again when more of it was missed, and when more of it comes', () => {
    const { texts, wanted, sent, take, pass } = shownTexts();
    texts.miss('t');
    texts.resume('t');
    pass(ASK_AGAIN_MS);
    texts.miss('t');
    texts.resume('t');
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
    texts.resume('first');
    expect(wanted).toEqual([]);
    take('first', 1);
    expect([wanted, sent]).toEqual([['first'], ['first 0']]);
  });
});
