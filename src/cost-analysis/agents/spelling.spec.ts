import { describe, expect, it } from '@jest/globals';
import { FOLLOW_UP_WORDS } from './follow-up.js';
import { INTENT_WORDS } from './intent-words.table.js';
import { TOPIC_WORDS } from './saving-topics.js';
import { spelledRight } from './spelling.js';

/** The words that a pattern names letter by letter: "chang(e|ed)" is change and changed. Stems ("anomal\\w+") are none. */
function literalWords({ source }: RegExp): string[] {
  let rest = source.replace(/\(\?<?[:=!]/g, '(').replace(/\\b/g, ' ');
  const attached = /([a-z]*)\(([^()]*)\)(\??)((?:[a-z]|\\w[*+])*)/;
  for (let found = attached.exec(rest); found !== null; found = attached.exec(rest)) {
    const [whole, lead = '', inner = '', optional = '', end = ''] = found;
    const each = inner.split('|').map((one) => lead + one + end);
    rest = rest.replace(whole, () => ` ${[...each, ...(optional === '' ? [] : [lead + end])].join(' | ')} `);
  }
  return (rest.match(/(?<![a-z\]\\])[a-z]+(\?[a-z]*|(?![a-z?[\\]))/g) ?? []).flatMap((word) =>
    word.includes('?') ? [word.replace('?', ''), word.replace(/.\?/, '')] : [word],
  );
}

describe('slips of the pen', () => {
  it.each([
    ['how mcuh did we spned last mnoth', 'how much did we spend last month'],
    ['anaylze my ai cotss', 'analyze my ai costs'],
    ['forcast for next quarter', 'forecast for next quarter'],
    ['savigns', 'savings'],
    ['costs in agust', 'costs in august'],
  ])('%s', (text, right) => {
    expect(spelledRight(text)).toBe(right);
  });

  // What may be a name stays as it is: only one known word a slip away is a correction.
  it.each(['chat', 'costa', 'planner', 'team7', 'gpt-4o', 'search-ranking', 'Marketing', 'protection', 'wanted'])(
    '%s stays',
    (text) => {
      expect(spelledRight(text)).toBe(text);
    },
  );

  it.each([
    ['intents', INTENT_WORDS.map(([, pattern]) => pattern)],
    ['ways to save', Object.values(TOPIC_WORDS)],
    ['follow-ups', FOLLOW_UP_WORDS],
  ])('no word by which %s are read is taken for a slip', (_, patterns) => {
    const words = [...new Set(patterns.flatMap(literalWords))];
    expect(words.length).toBeGreaterThan(20);
    expect(words.filter((word) => spelledRight(word) !== word)).toEqual([]);
  });
});
