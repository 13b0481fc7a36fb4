import type { JsonObject } from '../../../context/json.js';
import { textOf } from './field-values.js';

const EXTRAS_MAX = 20;
const NAME_CHARS_MAX = 64;
const VALUE_CHARS_MAX = 200;

/** Columns whose values are texts of people or secrets: they are dropped, whatever else they may hold. */
const PRIVATE =
  /message|prompt|response|completion|content|query|text|body|answer|question|email|phone|address|(^|_)ip(_|$)|password|secret|token$|authorization|cookie|(^|_)key($|_)/i;

/** Columns that may hold the words of prompts and answers under other names. Numbers under these names are kept: they count something. */
const WORDS = /input|output|event|instruction|transcript|result|argument/i;
const NUMBER = /^-?\d{1,9}(\.\d{1,9})?$/;

/** Counts, whatever their name says they count. */
const COUNT = /_tokens$/;

/** Columns that nobody knows, as `tags.extra`: short values only, at most 20; undefined when there are none. */
export function extraTags(extras: readonly (readonly [string, unknown])[]): JsonObject | undefined {
  const kept: Record<string, string> = {};
  let count = 0;
  for (const [name, value] of extras) {
    if (count >= EXTRAS_MAX || isPrivate(name, value) || String(value).length > VALUE_CHARS_MAX) continue;
    const [key, text] = [textOf(name)?.slice(0, NAME_CHARS_MAX), textOf(value)];
    if (key === undefined || text === undefined || key === '__proto__') continue;
    kept[key] = text;
    count += 1;
  }
  return count === 0 ? undefined : { extra: kept };
}

/** Tags with names of ours; those without a value are left out. */
export function namedTags(values: Readonly<Record<string, unknown>>): JsonObject {
  const texts = Object.entries(values).map(([name, value]): [string, string | undefined] => [name, textOf(value)]);
  return Object.fromEntries(texts.filter((entry): entry is [string, string] => entry[1] !== undefined));
}

function isPrivate(name: string, value: unknown): boolean {
  if (COUNT.test(name)) return false;
  return PRIVATE.test(name) || (WORDS.test(name) && !NUMBER.test(String(value)));
}
