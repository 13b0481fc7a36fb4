import { cutTextWithMark } from '../context/cut-text.js';
import { isJsonObject, type JsonObject, type JsonValue } from '../context/json.js';

const SECRET_NAME =
  /pass(word|wd|phrase)|secret|token$|^token|api[_-]?key|authorization|credential|private[_-]?key|cookie|^ticket$/i;
/** Names that look like secrets and are not: counts of tokens. */
const COUNT_NAME =
  /tokens?_(in|out|total|count)|(input|output|max|total|prompt|completion|cached|reasoning|per|mean|median|p\d+)_?tokens?/i;
const SECRET_VALUE =
  /\b(sk-[A-Za-z0-9_-]{16,}|eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*|Bearer\s+[A-Za-z0-9._~+/-]{16,})/g;

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

function redactValue(value: JsonValue, depth: number): JsonValue {
  if (typeof value === 'string') return cutTextWithMark(value.replaceAll(SECRET_VALUE, REDACTED), TEXT_CHARACTERS_MAX);
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= DEPTH_MAX) return '[cut: nested too deeply]';
  if (isJsonObject(value)) return redactObject(value, depth);
  const items = value.slice(0, LIST_ITEMS_MAX).map((item) => redactValue(item, depth + 1));
  return value.length > LIST_ITEMS_MAX ? [...items, `[cut: ${value.length - LIST_ITEMS_MAX} more]`] : items;
}

function redactObject(value: JsonObject, depth: number): JsonObject {
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      name,
      member === undefined ? undefined : isSecretName(name) ? REDACTED : redactValue(member, depth + 1),
    ]),
  );
}

const isSecretName = (name: string): boolean => SECRET_NAME.test(name) && !COUNT_NAME.test(name);
