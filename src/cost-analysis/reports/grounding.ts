import type { CurrencyDisplay } from '../../context/user-preferences.js';
import type { Fact } from '../tools/fact.js';
import { formatFact } from './format-fact.js';
import { literalPattern } from './literal-pattern.js';
import { NUMBER_WORD } from './number-words.js';

/** What a text may be made of: the run's facts, and names from the data that may contain digits (models, sources, teams). */
export interface Grounds {
  readonly facts: ReadonlyMap<string, Fact>;
  readonly names: readonly string[];
}

/** Something in a text that no fact stands behind. */
export interface Violation {
  readonly kind: 'unknown_fact' | 'numeral' | 'number_word' | 'markup';
  readonly found: string;
}

const PLACEHOLDER = /\{\{fact:([^{}\s]+)\}\}/g;

/** How a text cites a fact. */
export const cite = (factId: string): string => `{{fact:${factId}}}`;

/** Puts the values in. An unknown id stays as it is: check the text first. */
export const renderFacts = (text: string, facts: ReadonlyMap<string, Fact>, currency?: CurrencyDisplay): string =>
  text.replace(PLACEHOLDER, (placeholder, id: string) => {
    const fact = facts.get(id);
    return fact === undefined ? placeholder : formatFact(fact, currency);
  });

/** The ids that a text cites, each once, in order. */
export const citedFacts = (text: string): string[] => [
  ...new Set([...text.matchAll(PLACEHOLDER)].map(([, id]) => id ?? '')),
];

/**
 * Everything in a text that is not grounded: unknown fact ids, numerals outside placeholders (names from the data, dates that are facts and list
 * markers are allowed), number words that make a claim, and links or HTML, through which a text could reach out of the answer.
 */
export function findViolations(text: string, { facts, names }: Grounds): Violation[] {
  const unknown = citedFacts(text).filter((id) => !facts.has(id));
  const prose = withoutAllowed(text, { facts, names });
  return [
    ...unknown.map((found) => ({ kind: 'unknown_fact' as const, found })),
    ...matches(prose, NUMERAL).map((found) => ({ kind: 'numeral' as const, found })),
    ...matches(prose, NUMBER_WORD).map((found) => ({ kind: 'number_word' as const, found })),
    ...matches(prose, MARKUP).map((found) => ({ kind: 'markup' as const, found })),
  ];
}

const NUMERAL = /[$€£]?\p{N}(?:[\p{N}.,]*\p{N})?%?/gu;
const MARKUP = /!?\[[^\]]*\]\([^)]*\)|<\/?[a-z!][^>]*>|\bhttps?:\/\/\S+/gi;
/** What a price is for, which is no amount. */
const UNIT =
  /\bper (?:thousand|million|1M(?= (?:(?:cached )?input |output )?tokens\b))\b|\ba (?:thousand|million) tokens\b/gi;
const LIST_MARKER = /^\s*\d{1,2}[.)](?=\s)/gm;

const matches = (text: string, pattern: RegExp): string[] => [...text.matchAll(pattern)].map(([found]) => found.trim());

function withoutAllowed(text: string, { facts, names }: Grounds): string {
  const dates = [...facts.values()]
    .filter(({ unit }) => unit === 'date')
    .flatMap((fact) => [fact.value, formatFact(fact)]);
  const allowed = [...names, ...dates]
    .filter((name) => /\p{N}/u.test(name) && text.includes(name))
    .sort((a, b) => b.length - a.length);
  const prose = text.replace(PLACEHOLDER, ' ').replace(LIST_MARKER, '').replace(UNIT, ' ');
  return allowed.reduce((rest, name) => rest.replaceAll(wholeName(name), ' '), prose);
}

/** The name where it stands by itself: "gpt-5" does not excuse the 50 in "gpt-50". */
const wholeName = (name: string): RegExp =>
  new RegExp(`(?<![\\p{L}\\p{N}$.])${literalPattern(name)}(?![\\p{L}\\p{N}%]|[.,]\\p{N})`, 'gu');
