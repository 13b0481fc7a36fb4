import { toUSVString } from 'node:util';
import { nanoUsdOf } from '../../prices/money.js';
import { RejectedRow } from '../rejected-row.js';
import { digits, plainIsoTime } from './plain-values.js';
import { quotableValue } from './quotable-value.js';

/** Above these a value is a mistake of the source, not usage. */
const COUNT_MAX = 1e12;
const NANO_USD_MAX = 10n ** 15n;
export const MILLISECONDS_MAX = 2_147_483_647;
/** Longer texts are cut. */
export const TEXT_CHARS_MAX = 200;

/** ASCII without control characters and without blanks around it, which most values are: nothing has to be done to it. */
const PLAIN_TEXT = /^[!-~](?:[ -~]*[!-~])?$/;

/** Text for a column: trimmed, without control characters (PostgreSQL takes no NUL), bounded; undefined when nothing is left. */
export function textOf(value: unknown): string | undefined {
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') return undefined;
  if (typeof value === 'string' && value.length <= TEXT_CHARS_MAX && PLAIN_TEXT.test(value)) return value;
  // eslint's no-control-regex forbids the plain range; \p{Cc} is the same set.
  const text = toUSVString(
    String(value)
      .replace(/\p{Cc}/gu, ' ')
      .trim()
      .slice(0, TEXT_CHARS_MAX),
  );
  return text === '' ? undefined : text;
}

/** A whole number that is not negative: 374, "374", "3.0", "1,234". */
export function countOf(value: unknown, field: string): number {
  const number = typeof value === 'string' ? numberOfText(value.trim()) : value;
  if (typeof number !== 'number' || !Number.isInteger(number))
    throw new RejectedRow(`${field} is not a whole number: ${quotableValue(value)}`);
  if (number < 0) throw new RejectedRow(`${field} is negative: ${number}`);
  if (number > COUNT_MAX) throw new RejectedRow(`${field} is implausibly large: ${number}`);
  return number;
}

/** An amount in USD as nano-USD. */
export function moneyOf(value: unknown, field: string): bigint {
  const nanoUsd = typeof value === 'string' || typeof value === 'number' ? nanoUsdOf(String(value)) : undefined;
  if (nanoUsd === undefined) throw new RejectedRow(`${field} is not an amount in USD: ${quotableValue(value)}`);
  if (nanoUsd < 0n) throw new RejectedRow(`${field} is negative: ${quotableValue(value)}`);
  if (nanoUsd > NANO_USD_MAX) throw new RejectedRow(`${field} is implausibly large: ${quotableValue(value)}`);
  return nanoUsd;
}

/** A duration in milliseconds, rounded. */
export function millisecondsOf(value: unknown, field: string): number {
  const number = typeof value === 'string' ? Number(value) : value;
  if (typeof number !== 'number' || !(number >= 0) || number > MILLISECONDS_MAX) {
    throw new RejectedRow(`${field} is not a duration: ${quotableValue(value)}`);
  }
  return Math.round(number);
}

/** A duration in seconds as milliseconds, rounded. */
export function secondsOf(value: unknown, field: string): number {
  const seconds = typeof value === 'string' ? Number(value) : value;
  return millisecondsOf(typeof seconds === 'number' ? seconds * 1e3 : value, field);
}

export function flagOf(value: unknown): boolean | undefined {
  if (typeof value === 'boolean') return value;
  if (value === undefined) return undefined;
  const text = textOf(value)?.toLowerCase();
  if (text === undefined) return undefined;
  return TRUE_WORDS.has(text) ? true : FALSE_WORDS.has(text) ? false : undefined;
}

const TRUE_WORDS = new Set(['true', 't', '1', 'yes', 'y']);
const FALSE_WORDS = new Set(['false', 'f', '0', 'no', 'n']);

const ISO =
  /^(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?:[T ](\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d+))?)?)?\s*(?:(Z|UTC)|([+-])(\d{2}):?(\d{2})?)?$/i;

/** A moment: ISO 8601 and its common variants (without a zone it is UTC), or seconds, milliseconds, micro- or nanoseconds since 1970. */
export function timeOf(value: unknown, field: string): Date {
  const plain = typeof value === 'string' ? plainIsoTime(value) : undefined;
  if (plain !== undefined) return new Date(plain);
  if (typeof value === 'number' || (typeof value === 'string' && /^\d{9,19}(\.\d+)?$/.test(value)))
    return sinceEpoch(Number(value), field);
  const time = typeof value === 'string' ? isoTime(value.trim()) : Number.NaN;
  if (Number.isNaN(time)) throw new RejectedRow(`${field} is not a time in ISO 8601: ${quotableValue(value)}`);
  return new Date(time);
}

/** A count of seconds has 9 to 11 digits from 1973 to 5138; each finer unit has three more. */
function sinceEpoch(number: number, field: string): Date {
  const factor = number < 1e11 ? 1e3 : number < 1e14 ? 1 : number < 1e17 ? 1e-3 : 1e-6;
  const time = new Date(number * factor);
  if (Number.isNaN(time.getTime())) throw new RejectedRow(`${field} is not a time: ${number}`);
  return time;
}

function isoTime(text: string): number {
  const match = ISO.exec(text);
  if (match === null) return Number.NaN;
  const part = (index: number): number => Number(match[index] ?? 0);
  const [year, month, day, hour, minute, second] = [part(1), part(2), part(3), part(4), part(5), part(6)];
  const milliseconds = Math.floor(Number(`0.${match[7] ?? '0'}`) * 1e3);
  const utc = Date.UTC(year, month - 1, day, hour, minute, second, milliseconds);
  const date = new Date(utc);
  // Date.UTC would make the 2nd of March out of the 30th of February.
  const isReal =
    date.getUTCMonth() === month - 1 && date.getUTCDate() === day && hour < 24 && minute < 60 && second < 60;
  if (!isReal) return Number.NaN;
  const offsetMinutes = (part(10) * 60 + part(11)) * (match[9] === '-' ? -1 : 1);
  return utc - offsetMinutes * 60_000;
}

/** Only plain digits: Number() would take a blank for 0, and "0x10" and "1e3" for numbers. NaN for anything else. */
function numberOfText(text: string): number {
  const count = text.length <= SAFE_DIGITS ? digits(text, 0, text.length) : Number.NaN;
  if (!Number.isNaN(count)) return count;
  const plain = withoutThousands(text);
  return /^-?\d+(\.0+)?$/.test(plain) ? Number(plain) : Number.NaN;
}

/** So many digits are a safe integer. */
const SAFE_DIGITS = 15;

const withoutThousands = (text: string): string => (/^\d{1,3}(,\d{3})+$/.test(text) ? text.replaceAll(',', '') : text);
