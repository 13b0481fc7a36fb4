import { SUBJECT_WORDS, wordsOf } from './vocabulary.table.js';

export const COURTESIES = ['greeting', 'thanks', 'help'] as const;
/** What a message is that asks nothing about costs, and yet is no other subject. */
export type Courtesy = (typeof COURTESIES)[number];

const WORDS_MAX = 9;
const PATTERNS: readonly (readonly [Courtesy, RegExp])[] = [
  [
    'help',
    /^(help( me)?|what (all )?(can|do|could) (you|i|we) (do|ask|help|know|answer)\b.*|who are you|what are you|what is this|how (does this|do you) work)\W*$/i,
  ],
  ['greeting', /^(hi|hello|hey|good (morning|afternoon|evening|day)|greetings)\b/i],
  [
    'thanks',
    /^(thanks?|thank you|thx|ty|cheers|ok(ay)?|great|perfect|cool|nice|good|awesome|got it|understood|that('|’)?s (great|good|all|it|helpful|perfect)|bye|goodbye|no|yes)\b/i,
  ],
];

/** Undefined for anything that asks for more. */
export function courtesyOf(text: string): Courtesy | undefined {
  const words = wordsOf(text);
  const asked = text.trim();
  if (words.length > WORDS_MAX || words.some((word) => SUBJECT_WORDS.has(word))) return undefined;
  const found = PATTERNS.find(([, pattern]) => pattern.test(asked))?.[0];
  // "OK, and last week?" asks.
  return found === undefined || (found !== 'help' && asked.includes('?')) ? undefined : found;
}
