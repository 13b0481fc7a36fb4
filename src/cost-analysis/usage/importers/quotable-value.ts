import { toUSVString } from 'node:util';

/** What can stand for a number or a moment, also a wrong one. Longer ones tell no more. */
const QUOTED_CHARS_MAX = 40;
const NUMBER = /^[-+]?\p{Sc}?[-+]?\d[\d.,]*(?:e[-+]?\d+)?\s?(?:\p{Sc}|%)?$|^[-+]?(?:nan|inf(?:inity)?)$|^0x[\da-f]+$/iu;
const DATE = /^\d{1,4}([-/.])\d{1,2}\1\d{1,4}(?:[T ]\s*[\d:.,]+)?\s*(?:Z|UTC|[-+]\d{2}:?(?:\d{2})?)?$/i;

/**
 * A value as the reason of a reject may say it. Reasons are stored and shown, and a column of counts by its name can hold the words of a
 * prompt: what looks like neither a number nor a date is told by its kind alone.
 */
export function quotableValue(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && value !== null) return 'an object';
  const text = typeof value === 'string' ? value.trim() : JSON.stringify(value);
  if (typeof value === 'string' && !isQuotable(text)) return 'text';
  return `"${toUSVString(text)}"`;
}

const isQuotable = (text: string): boolean =>
  text === '' || (text.length <= QUOTED_CHARS_MAX && (NUMBER.test(text) || DATE.test(text)));
