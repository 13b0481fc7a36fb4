import { dayAfter, daysAfter, DAY_MS, months, monthOf, yearOf, type DayRange } from './calendar.js';
import { calendarUnit, periodWords, type PeriodWords } from './period-words.js';

/** A period that a question names; without `from` or `to` it is open on that side. */
export type AskedPeriod = Partial<DayRange> & {
  readonly words: string;
  /** Counted from where the asker stands, e.g. "last week". */
  readonly isRelative: boolean;
};

/** What stands right before a date. "From" a month is mostly "of" it. */
const [SINCE, SINCE_DAY] = [/\bsince\s+$/i, /\b(since|from|starting|starting on)\s+$/i];
const AFTER = /\bafter\s+$/i;
const BEFORE = /\bbefore\s+(the\s+)?$/i;
const UNTIL = /\b(until|till|up to|through)\s+$/i;

const BETWEEN = /\bbetween\s+(the\s+)?$/i;
const REACHES = /^\s*(?:to|until|till|through|thru|up to|-|–)\s*(?:the\s+)?$/i;
const AND_UNTIL = /^\s*(?:and\s+)?(?:before|until|till|up to)\s+(?:the\s+)?$/i;
const AND = /^\s*(?:,|and|&|,\s*and)\s*(?:in\s+|the\s+)*$/i;
/** Words by which two things are held against each other. */
const COMPARES = /\b(compar\w+|versus|vs|than|against|relative to|differ\w*)\b/i;
/** "Rose from June to July" names two periods, and no long one. */
const MOVED_FROM =
  /\b(ris\w+|rose|gr[eo]w\w*|increas\w+|chang\w+|jump\w*|went|go|gone|drop\w*|f[ea]ll|declin\w*|decreas\w+)\b.*\bfrom\s+$/i;

/** The periods that a text names, in its order. `last`: the last day of the data; without it, only what names its year is read. */
export function askedPeriods(text: string, last: string | undefined): AskedPeriod[] {
  const words = periodWords(text, last);
  const periods: AskedPeriod[] = [];
  for (let at = 0; at < words.length; at++) {
    const [one, next] = [words[at], words[at + 1]];
    if (one === undefined) continue;
    const joined = next === undefined ? undefined : join(text, one, next);
    periods.push(joined ?? opened(text, one));
    if (joined !== undefined) at++;
  }
  return periods;
}

function join(text: string, one: PeriodWords, next: PeriodWords): AskedPeriod | undefined {
  const [lead, link] = [text.slice(0, one.at), text.slice(one.end, next.at)];
  const isRange =
    AND_UNTIL.test(link) ||
    (AND.test(link) && BETWEEN.test(lead)) ||
    (REACHES.test(link) && !COMPARES.test(lead) && !MOVED_FROM.test(lead));
  const isRow = AND.test(link) && one.to === next.from && !COMPARES.test(text);
  if (!isRange && !isRow) return undefined;
  const to = BEFORE.test(link) ? next.from : next.to;
  return {
    from: AFTER.test(lead) ? one.to : one.from,
    to,
    words: text.slice(one.at, next.end),
    isRelative: one.isRelative && next.isRelative,
  };
}

function opened(text: string, { at, end, from, to, isRelative, isDay }: PeriodWords): AskedPeriod {
  const named = { words: text.slice(at, end), isRelative };
  const lead = text.slice(0, at).replace(/\bthe\s+$/i, '');
  const whole = /^since\b/i.test(named.words);
  if (AFTER.test(lead)) return { from: to, ...named };
  if (whole || (isDay ? SINCE_DAY : SINCE).test(lead)) return { from, ...named };
  if (BEFORE.test(lead)) return { to: from, ...named };
  return UNTIL.test(lead) ? { to, ...named } : { from, to, ...named };
}

/** The first period that a text names by date. */
export function datesIn(text: string): Partial<DayRange> | undefined {
  const [first] = askedPeriods(text, undefined);
  if (first === undefined) return undefined;
  const { from, to } = first;
  return { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
}

export interface AskedTime {
  readonly period: AskedPeriod | undefined;
  /** What the question holds the period against. */
  readonly compare: DayRange | undefined;
}

const THAN = /\b(?:than|versus|vs\.?|compared?\s+(?:to|with)|against|relative to)\s+(?:in\s+|on\s+|the\s+)*$/i;

/** The period that a question is about, and the one that it compares it with: of two the later is explained by the earlier. */
export function askedTime(text: string, last: string): AskedTime {
  const [first, second] = askedPeriods(text, last);
  if (first === undefined) return { period: undefined, compare: undefined };
  const [one, two] = [bounded(first), bounded(second)];
  if (one !== undefined && two !== undefined) {
    const isLater = one.from > two.from;
    return { period: isLater ? first : second, compare: isLater ? two : one };
  }
  if (one !== undefined && THAN.test(text.slice(0, text.indexOf(first.words))))
    return { period: { ...currentLike(one, last), words: '', isRelative: false }, compare: one };
  return { period: first, compare: undefined };
}

const bounded = (period: AskedPeriod | undefined): DayRange | undefined =>
  period?.from === undefined || period.to === undefined ? undefined : { from: period.from, to: period.to };

/** The unit of this length in which the data ends: "than last month" is about this one. */
function currentLike({ from, to }: DayRange, last: string): DayRange {
  const days = (Date.parse(to) - Date.parse(from)) / DAY_MS;
  if (days <= 1) return { from: last, to: dayAfter(last) };
  return calendarUnit(days <= 7 ? 'week' : days <= 31 ? 'month' : days <= 92 ? 'quarter' : 'year', 0, last);
}

/** The month, quarter or year before one; undefined for any other period, which is compared with the same weekdays before it. */
export function unitBefore({ from, to }: DayRange): DayRange | undefined {
  const [year, month] = [yearOf(from), monthOf(from)];
  const count = [1, 3, 12].find((many) => {
    const unit = months(year, month, many);
    return unit.from === from && unit.to === to;
  });
  return count === undefined ? undefined : months(year, month - count, count);
}

/** "The month before" what was asked about before. */
export function stepBefore(text: string, earlier: Partial<DayRange>): DayRange | undefined {
  const unit = /\bthe (day|week|month|quarter|year) before\b(?! yesterday)/i.exec(text)?.[1];
  if (unit === undefined || earlier.from === undefined) return undefined;
  const eve = daysAfter(earlier.from, -1);
  return unit.toLowerCase() === 'day' ? { from: eve, to: earlier.from } : calendarUnit(unit, 0, eve);
}
