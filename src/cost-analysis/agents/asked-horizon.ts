import { askedPeriods } from './asked-period.js';
import { dayAfter, daysAfter, months, monthOf, yearOf, type DayRange } from './calendar.js';
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

/**
 * The days that a look ahead is about, e.g. "this month", "by the end of the year", "in October"; they may have begun before the data ends (`last` is
 * its last day). Undefined when the question names none.
 */
export function askedHorizon(text: string, last: string): DayRange | undefined {
  return nextUnit(text, last) ?? unitInHand(text, last) ?? namedPeriod(text, last) ?? budgetUnit(text, last);
}

function nextUnit(text: string, last: string): DayRange | undefined {
  const [, count = '', step = ''] = NEXT_DAYS.exec(text) ?? [];
  if (step !== '') {
    const days = (NUMBERS[count.toLowerCase()] ?? Number(count)) * (UNIT_DAYS[step.toLowerCase()] ?? 1);
    return { from: dayAfter(last), to: daysAfter(last, days + 1) };
  }
  const unit = NEXT.exec(text)?.[1];
  return unit === undefined ? undefined : following(calendarUnit(unit, 0, last), unit);
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

/** A period by name: a month or day that lies back is meant for the coming year. */
function namedPeriod(text: string, last: string): DayRange | undefined {
  const [first] = askedPeriods(text, last);
  if (first?.from === undefined || first.to === undefined) return undefined;
  const { from, to, words } = first;
  const hasBegun = from <= last;
  const isOver = to <= last;
  if (!hasBegun || !isOver) return { from, to };
  return /20\d{2}/.test(words) || first.isRelative ? undefined : { from: inNextYear(from), to: inNextYear(to) };
}

const inNextYear = (day: string): string => `${yearOf(day) + 1}${day.slice(4)}`;

/** "A monthly budget": the month in hand. */
function budgetUnit(text: string, last: string): DayRange | undefined {
  const [, adjective, unit] = UNIT_BUDGET.exec(text) ?? [];
  const named = adjective === undefined ? unit : ADJECTIVES[adjective.toLowerCase()];
  return named === undefined ? undefined : calendarUnit(named, 0, last);
}
