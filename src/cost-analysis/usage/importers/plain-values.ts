const ZERO = 48;
const NINE = 57;
const [DASH, COLON, DOT, T, Z, SPACE] = ['-', ':', '.', 'T', 'Z', ' '].map((mark) => mark.charCodeAt(0));
/** Each month has these; whether it has more is left to the slow way. */
const DAYS_OF_EVERY_MONTH = 28;

/** The number that the digits from `start` to `end` make; NaN where one of them is none, or there is none. */
export function digits(text: string, start: number, end: number): number {
  if (end <= start) return Number.NaN;
  let value = 0;
  for (let index = start; index < end; index += 1) {
    const code = text.charCodeAt(index);
    if (code < ZERO || code > NINE) return Number.NaN;
    value = value * 10 + code - ZERO;
  }
  return value;
}

/**
 * The form in which most sources write a moment, 2026-01-02T03:04:05.678Z, with a blank for the T or without fraction or Z, in milliseconds since
 * 1970; undefined for any other text. A file has one in each row, and the way that takes all forms costs ten times as much.
 */
export function plainIsoTime(text: string): number | undefined {
  const mark = text.charCodeAt(10);
  const isPlain =
    text.charCodeAt(4) === DASH &&
    text.charCodeAt(7) === DASH &&
    (mark === T || mark === SPACE) &&
    text.charCodeAt(13) === COLON &&
    text.charCodeAt(16) === COLON;
  if (!isPlain) return undefined;
  const [month, day] = [digits(text, 5, 7), digits(text, 8, 10)];
  const [hour, minute, second] = [digits(text, 11, 13), digits(text, 14, 16), digits(text, 17, 19)];
  const isUsual = month >= 1 && month <= 12 && day >= 1 && day <= DAYS_OF_EVERY_MONTH;
  if (!isUsual || !(hour < 24 && minute < 60 && second < 60)) return undefined;
  const time = Date.UTC(digits(text, 0, 4), month - 1, day, hour, minute, second) + fraction(text, 19);
  return Number.isNaN(time) ? undefined : time;
}

/** Milliseconds, the rest cut off; NaN when something else stands there. */
function fraction(text: string, start: number): number {
  const end = text.charCodeAt(text.length - 1) === Z ? text.length - 1 : text.length;
  if (end === start) return 0;
  if (text.charCodeAt(start) !== DOT) return Number.NaN;
  const [length, value] = [end - start - 1, digits(text, start + 1, end)];
  if (length <= 3) return value * 10 ** (3 - length);
  return length > 12 ? Number.NaN : Math.floor(value / 10 ** (length - 3));
}
