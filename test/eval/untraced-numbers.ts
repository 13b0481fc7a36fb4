import type { StatedFact } from './answer.js';
import { shownValue } from './shown-value.js';

const AMOUNT = /-?[$€£]?\p{N}(?:[\p{N}.,:]*\p{N})?%?/gu;
/** A word that begins with a letter and has digits in it is a name (gpt-4o), unless it begins with a currency. */
const NAME = /(?<![\p{L}\p{N}_$€£-])(?!(?:usd|eur|us|gbp)\p{N})\p{L}[\p{L}\p{N}_]*(?:[-._][\p{L}\p{N}_]+)*/giu;
const LIST_MARKER = /^\d{1,2}\.(?= )/gm;
/** What a unit price is for. */
const UNIT = /\bper 1M(?= (?:(?:cached )?input |output )?tokens\b)/g;
const PICTURE = /(!\[[^\]]*\])\([^)]*\)/g;

interface Licence {
  readonly facts: readonly StatedFact[];
  /** Names in the data that have digits in them. */
  readonly names: readonly string[];
  /** Whose own figures may be repeated, e.g. a budget. */
  readonly question: string;
}

/**
 * The numbers in an answer that no fact of it shows, in order. Knows nothing of how the server checks: it takes the text apart by itself,
 * and compares what is left with the facts as the specification has them shown.
 */
export function untracedNumbers(text: string, { facts, names, question }: Licence): string[] {
  const values = facts.map(shownValue);
  const dates = facts.filter(({ unit }) => unit === 'date').flatMap((fact) => [shownValue(fact), fact.value]);
  const prose = without(text.replace(/\\/g, '').replace(PICTURE, '$1').replace(LIST_MARKER, '').replace(UNIT, 'per'), [
    ...names,
    ...dates,
  ]);
  const shown = new Set([...values, ...(question.match(AMOUNT) ?? [])]);
  const words = prose.replace(NAME, (word) => (/\p{N}/u.test(word) ? ' ' : word));
  return (words.match(AMOUNT) ?? []).filter((amount) => !shown.has(amount));
}

/** Whole ones only, longer names first: one may be a part of another. */
const without = (text: string, names: readonly string[]): string =>
  [...new Set(names)]
    .sort((a, b) => b.length - a.length)
    .reduce((rest, name) => rest.replace(new RegExp(`(?<!\\p{N})${literal(name)}(?!\\p{N})`, 'gu'), ' '), text);

const literal = (name: string): string => name.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
