import { askedPeriods, type AskedPeriod } from './asked-period.js';
import { dayAfter, daysAfter, dayText, months, monthOf, yearOf, type DayRange } from './calendar.js';
import { calendarUnit } from './period-words.js';

const NEXT = /\b(?:next|coming|following)\s+(week|month|quarter|year)\b/i;
const NEXT_DAYS = /\b(?:next|coming)\s+(\d{1,3}|two|three|four|five|six|twelve)\s+(day|week|month)s?\b/i;
const END_OF =
  /\b(?:(?:by|until|till|to|at|rest of|remainder of|end of|of)\s+)+(?:the\s+|this\s+)*(week|month|quarter|year)(?:[\s-]end)?\b|\b(week|month|quarter|year)[\s-]end\b/i;
const SHORT_END = /\b(?:eo([wmqy])|(full)[\s-]year)\b/i;
const UNIT_BUDGET = /\b(?:(annual|yearly|quarterly|monthly|weekly)|(?:per|a|each)\s+(year|quarter|month|week))\b/i;
const LETTERS: Readonly<Record<string, string>> = { w: 'week', m: 'month', q: 'quarter', y: 'year' };
const NUMBERS: Readonly<Record<string, number>> = { two: 2, three: 3, four: 4, five: 5, six: 6, twelve: 12 };
const UNIT_DAYS: Readonly<Record<string, number>> = { day: 1, week: 7, month: 30 };
const ADJECTIVES: Readonly<Record<string, string>> = {
  annual: 'year',
  yearly: 'year',
  quarterly: 'quarter',
  monthly: 'month',
  weekly: 'week',
};

const [BY, END] = [/\b(?:by|until|till|through|up to|before)\s+(?:the\s+)?$/i, /^(?:the\s+)?end of\b/i];
const UNTIL_NEXT = /\b(?:by|until|till|through|up to|end of)\s+(?:the\s+)?(?:next|coming|following)\s+\w+/i;

/**
 * The days that a look ahead is about, e.g. "this month", "by the end of the year", "in October"; they may have begun before the data ends (`last` is
 * its last day). Undefined when the question names none.
 */
export function askedHorizon(text: string, last: string): DayRange | undefined {
  return (
    budgetedUnit(text, last) ??
    nextUnit(text, last) ??
    unitInHand(text, last) ??
    namedPeriod(text, last) ??
    budgetUnit(text, last)
  );
}

function nextUnit(text: string, last: string): DayRange | undefined {
  const [, count = '', step = ''] = NEXT_DAYS.exec(text) ?? [];
  if (step !== '') {
    const days = (NUMBERS[count.toLowerCase()] ?? Number(count)) * (UNIT_DAYS[step.toLowerCase()] ?? 1);
    return { from: dayAfter(last), to: daysAfter(last, days + 1) };
  }
  const unit = NEXT.exec(text)?.[1];
  if (unit === undefined) return undefined;
  const next = following(calendarUnit(unit, 0, last), unit);
  return UNTIL_NEXT.test(text) ? { from: dayAfter(last), to: next.to } : next;
}

function following({ from, to }: DayRange, unit: string): DayRange {
  if (unit.toLowerCase() === 'week') return { from: to, to: daysAfter(to, 7) };
  const count = { month: 1, quarter: 3, year: 12 }[unit.toLowerCase()] ?? 1;
  return months(yearOf(from), monthOf(from) + count, count);
}

function unitInHand(text: string, last: string): DayRange | undefined {
  const [, unit, other] = END_OF.exec(text) ?? [];
  const [, letter, full] = SHORT_END.exec(text) ?? [];
  const named = unit ?? other ?? (full === undefined ? LETTERS[letter?.toLowerCase() ?? ''] : 'year');
  return named === undefined ? undefined : calendarUnit(named, 0, last);
}

/**
 * A period by name. Of one that is the end ("until 31 December", "by the end of May") the days from the end of the data on, or the whole month in
 * hand; a month or day that lies back is meant for the coming year.
 */
function namedPeriod(text: string, last: string): DayRange | undefined {
  const [first] = askedPeriods(text, last);
  if (first?.to === undefined) return undefined;
  const { from, to, words } = first;
  const lead = text.slice(0, text.indexOf(words));
  if (from === undefined || BY.test(lead) || END.test(words)) return untilEnd({ ...first, to }, last);
  // "From August to December": each alone is the latest one.
  const end = to > from ? to : inNextYear(to);
  if (from > last || end > last) return { from, to: end };
  return hasYear(words) || first.isRelative ? undefined : { from: inNextYear(from), to: inNextYear(to) };
}

function untilEnd({ to, words, isRelative }: AskedPeriod & { readonly to: string }, last: string) {
  const month = calendarUnit('month', 0, last);
  if (END.test(words) && to === month.to) return month;
  const end = to > dayAfter(last) || hasYear(words) ? to : isRelative ? inNextWeek(to, words) : inNextYear(to);
  return end === undefined || end <= dayAfter(last) ? undefined : { from: dayAfter(last), to: end };
}

const hasYear = (words: string): boolean => /20\d{2}/.test(words);

/** A day that a leap year alone has is the one after it. */
const inNextYear = (day: string): string => dayText(Date.UTC(yearOf(day) + 1, monthOf(day), Number(day.slice(8))));

/** "By Friday": the coming one. */
const inNextWeek = (day: string, words: string): string | undefined =>
  /day$/i.test(words) && !/today|yesterday/i.test(words) ? daysAfter(day, 7) : undefined;

const EACH = /[$€]?\s?\d[\d,.]*\s?[km]?\s?(?:usd|dollars|euros?)?\s+(?:per|a|each|every)\s+(week|month|quarter)\b/i;
const LONGER: Readonly<Record<string, RegExp>> = {
  week: /\b(month|quarter|year)\b/i,
  month: /\b(quarter|year)\b/i,
  quarter: /\byear\b/i,
};

/** "$3,000 a month for the rest of the year": the next whole month tells whether it holds. */
function budgetedUnit(text: string, last: string): DayRange | undefined {
  const unit = EACH.exec(text)?.[1]?.toLowerCase();
  if (unit === undefined || LONGER[unit]?.test(text) !== true) return undefined;
  return following(calendarUnit(unit, 0, last), unit);
}

/** "A monthly budget": the month in hand. */
function budgetUnit(text: string, last: string): DayRange | undefined {
  const [, adjective, unit] = UNIT_BUDGET.exec(text) ?? [];
  const named = adjective === undefined ? unit : ADJECTIVES[adjective.toLowerCase()];
  return named === undefined ? undefined : calendarUnit(named, 0, last);
}
