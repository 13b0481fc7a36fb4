import { CORRECT_WORDS, KNOWN_WORDS } from './vocabulary.table.js';

/** Shorter words are too much like one another; in those below LONG_MIN only letters in the wrong order are put right. */
const SHORT_MIN = 4;
const LONG_MIN = 6;

/**
 * A question with slips of the pen put right, for who reads its words: "mnoth" is month. Names must be looked up in the text as it was written.
 * Only words of letters, and only where one known word alone is one slip away.
 */
export const spelledRight = (text: string): string =>
  text.replace(/\b[a-z]{4,}\b/gi, (word) => corrected(word) ?? word);

function corrected(word: string): string | undefined {
  const lower = word.toLowerCase();
  if (CORRECT_WORDS.has(lower) || lower.length < SHORT_MIN) return undefined;
  const near = [...KNOWN_WORDS].filter((known) => isOneSlipAway(lower, known));
  return near.length === 1 ? near[0] : undefined;
}

export function isOneSlipAway(word: string, known: string): boolean {
  if (Math.abs(word.length - known.length) > 1 || known.length < SHORT_MIN) return false;
  let at = 0;
  while (at < word.length && word[at] === known[at]) at++;
  const [rest, wanted] = [word.slice(at), known.slice(at)];
  const isSwapped = rest[0] === wanted[1] && rest[1] === wanted[0] && rest.slice(2) === wanted.slice(2);
  if (isSwapped && rest.length > 1) return true;
  // An "s" more or less is a grammatical form, and the first letter is hardly ever wrong.
  if (Math.max(word.length, known.length) < LONG_MIN || at === 0) return false;
  return rest.slice(1) === wanted || rest === wanted.slice(1) || rest.slice(1) === wanted.slice(1);
}
