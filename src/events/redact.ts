import { cutTextWithMark } from '../context/cut-text.js';
import { isJsonObject, type JsonObject, type JsonValue } from '../context/json.js';

const SECRET_NAME =
  /pass(word|wd|phrase)|secret|token$|^token|api[_-]?key|authorization|credential|private[_-]?key|cookie|^ticket$/i;
/** Names that look like secrets and are not: counts of tokens. */
const COUNT_NAME =
  /tokens?_(in|out|total|count)|(input|output|max|total|prompt|completion|cached|reasoning|per|mean|median|p\d+)_?tokens?/i;
const SECRET_VALUE =
  /\b(sk-[A-Za-z0-9_-]{16,}|eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*|Bearer\s+[A-Za-z0-9._~+/-]{16,})/g;

/** The shortest of them. */
const SECRET_CHARACTERS_MIN = 19;

const REDACTED = '[redacted]';
const MARKS = /\[redacted\]|\[cut: /;

const TEXT_CHARACTERS_MAX = 2_000;
/** What a person reads of a list; the whole result is in tool_call. Longer ones made up most of the log. */
const LIST_ITEMS_MAX = 12;
const DEPTH_MAX = 12;

/** What an event may show of a value: secrets are replaced, long texts and lists are cut with a mark. The value itself is not changed. */
export function redact(value: JsonObject): JsonObject {
  return redactObject(value, 0);
}

/** Whether a value that went through `redact` is still the whole one. In doubt it is not. */
export const isWhole = (value: JsonObject): boolean => !MARKS.test(JSON.stringify(value));

// Written with loops: every event of every run goes through here, and lists of entries made of each object cost several times as much.

function redactValue(value: JsonValue, depth: number): JsonValue {
  if (typeof value === 'string') return redactText(value);
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= DEPTH_MAX) return '[cut: nested too deeply]';
  if (typeof Reflect.get(value, 'toJSON') === 'function') return redactValue(asJsonHolds(value), depth);
  return isJsonObject(value) ? redactObject(value, depth) : redactList(value, depth);
}

/** A date, an amount: what it is made of need not be anything that JSON can hold. */
function asJsonHolds(value: JsonValue): JsonValue {
  // In a list, which holds null for what says that it is nothing.
  const [held = null] = JSON.parse(JSON.stringify([value])) as JsonValue[];
  return held;
}

function redactText(text: string): string {
  const shown = text.length < SECRET_CHARACTERS_MIN ? text : text.replaceAll(SECRET_VALUE, REDACTED);
  return cutTextWithMark(shown, TEXT_CHARACTERS_MAX);
}

function redactList(list: readonly JsonValue[], depth: number): JsonValue[] {
  const shown: JsonValue[] = [];
  for (const item of list) {
    if (shown.length === LIST_ITEMS_MAX) return [...shown, `[cut: ${list.length - LIST_ITEMS_MAX} more]`];
    shown.push(redactValue(item, depth + 1));
  }
  return shown;
}

function redactObject(object: JsonObject, depth: number): JsonObject {
  const shown: Record<string, JsonValue> = {};
  for (const name of Object.keys(object)) {
    const member = object[name];
    if (member === undefined) continue;
    const value = isSecretName(name) ? REDACTED : redactValue(member, depth + 1);
    // An ordinary member when it comes from JSON; an assignment would set the prototype.
    if (name === '__proto__') Object.defineProperty(shown, name, { value, enumerable: true });
    else shown[name] = value;
  }
  return shown;
}

/** The names are those of a few tools, over and over. Long ones, which may be a user's own words, are not kept. */
const knownNames = new Map<string, boolean>();
const KNOWN_NAMES_MAX = 2_000;
const KNOWN_NAME_CHARACTERS_MAX = 32;

function isSecretName(name: string): boolean {
  const known = knownNames.get(name);
  if (known !== undefined) return known;
  const isSecret = SECRET_NAME.test(name) && !COUNT_NAME.test(name);
  if (name.length <= KNOWN_NAME_CHARACTERS_MAX && knownNames.size < KNOWN_NAMES_MAX) knownNames.set(name, isSecret);
  return isSecret;
}
