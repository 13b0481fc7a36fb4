const DAY_MS = 86_400_000;
const DAY = /\b(20\d{2}-\d{2}-\d{2})\b/g;
const NAMES = 'january|february|march|april|may|june|july|august|september|october|november|december';
const MONTHS = NAMES.split('|');
const MONTH_OF_YEAR = new RegExp(`\\b(${NAMES})\\s+(20\\d{2})\\b`, 'i');
const MONTH = new RegExp(`\\b(?:in|for|during|of)\\s+(${NAMES})\\b`, 'i');
const YEAR = /\b(?:in|for|during|since|after|before|until|till|up to)\s+(20\d{2})\b(?!-)/i;
/** The last day of "3 to 5 November 2026" is not the day that is meant. */
const NO_RANGE = '(?<!(?<!\\d)\\d{1,2}(?:st|nd|rd|th)?\\s*(?:-|–|to|and|until|till|through)\\s*)';
const DAY_MONTH_YEAR = new RegExp(
  `${NO_RANGE}\\b(\\d{1,2})(?:st|nd|rd|th)?\\s+(?:of\\s+)?(${NAMES}),?\\s+(20\\d{2})\\b`,
  'gi',
);
const MONTH_DAY_YEAR = new RegExp(`${NO_RANGE}\\b(${NAMES})\\s+(\\d{1,2})(?:st|nd|rd|th)?,?\\s+(20\\d{2})\\b`, 'gi');
/** What stands right before a date. "From" a month is mostly "of" it. */
const [SINCE, SINCE_DAY] = [/\bsince\s+$/i, /\b(since|from|starting|starting on)\s+$/i];
const AFTER = /\bafter\s+$/i;
const BEFORE = /\bbefore\s+$/i;
const UNTIL = /\b(until|till|up to|through)\s+$/i;
const ROLLING = /\b(?:last|past|previous)\s+(\d{1,3})\s+(day|week|month)s?\b/i;
const CALENDAR = /\b(last|previous|this|past)\s+(week|month|quarter|year)\b/i;
const WEEKDAYS = 'sunday|monday|tuesday|wednesday|thursday|friday|saturday';
const WEEKDAY = new RegExp(`\\b(on|last|this|past|since)\\s+(${WEEKDAYS})s?\\b`, 'i');
const SINGLE_DAY = /\b(today|yesterday)\b/i;

/** A half-open range of days, YYYY-MM-DD; `to` is the day after the last. */
interface DayRange {
  readonly from: string;
  readonly to: string;
}

/** A period that a question names by its distance from now: the words, and what they come to. */
interface RelativePeriod extends DayRange {
  readonly words: string;
}

/** A period by date; without `from` or `to` it is open on that side. */
type DatedPeriod = Partial<DayRange>;

/** Days, a month or a year that the question names by date; "since" one has no end, "until" or "before" one no beginning. */
export function datesIn(text: string): DatedPeriod | undefined {
  const days = [...written(text, DAY, ([, day = '']) => day), ...namedDays(text)].filter(({ day }) => isDay(day));
  const [first, ...later] = days.sort((a, b) => (a.day < b.day ? -1 : 1));
  const last = later.at(-1);
  if (first !== undefined && last !== undefined)
    return { from: first.day, to: BEFORE.test(last.lead) ? last.day : dayAfter(last.day) };
  if (first !== undefined) return opened(first.lead, { from: first.day, to: dayAfter(first.day) }, SINCE_DAY);
  const ofYear = MONTH_OF_YEAR.exec(text);
  if (ofYear !== null)
    return opened(text.slice(0, ofYear.index), months(Number(ofYear[2]), monthOf(ofYear[1]), 1), SINCE);
  const wholeYear = YEAR.exec(text);
  return wholeYear === null ? undefined : opened(wholeYear[0].slice(0, -4), months(Number(wholeYear[1]), 0, 12), SINCE);
}

/** `lead`: the text before it. */
interface WrittenDay {
  readonly day: string;
  readonly lead: string;
}

const written = (text: string, pattern: RegExp, read: (match: RegExpExecArray) => string): WrittenDay[] =>
  [...text.matchAll(pattern)].map((match) => ({ day: read(match), lead: text.slice(0, match.index) }));

/** "3 November 2026", "November 3rd, 2026". */
const namedDays = (text: string): WrittenDay[] => [
  ...written(text, DAY_MONTH_YEAR, ([, day, month, year]) => isoDay(year, month, day)),
  ...written(text, MONTH_DAY_YEAR, ([, month, day, year]) => isoDay(year, month, day)),
];

const isoDay = (year = '', month = '', day = ''): string =>
  `${year}-${String(monthOf(month) + 1).padStart(2, '0')}-${day.padStart(2, '0')}`;

const monthOf = (name = ''): number => MONTHS.indexOf(name.toLowerCase());

function opened(lead: string, { from, to }: DayRange, since: RegExp): DatedPeriod {
  if (AFTER.test(lead)) return { from: to };
  if (since.test(lead)) return { from };
  if (BEFORE.test(lead)) return { to: from };
  return UNTIL.test(lead) ? { to } : { from, to };
}

/**
 * A period named from where the asker stands ("last week", "in July"). Usage may have ended long ago, so it is counted from the end of the
 * data: `lastDay` is its last day, and "today" the one after it, except for the word itself.
 */
export function relativePeriod(text: string, lastDay: string): RelativePeriod | undefined {
  const end = Date.parse(lastDay) + DAY_MS;
  const rolling = ROLLING.exec(text);
  if (rolling !== null) {
    const days = Number(rolling[1]) * ({ day: 1, week: 7, month: 30 }[rolling[2]?.toLowerCase() ?? ''] ?? 1);
    return { words: rolling[0], from: dayText(end - days * DAY_MS), to: dayText(end) };
  }
  const calendar = CALENDAR.exec(text);
  if (calendar !== null) return { words: calendar[0], ...calendarRange(calendar, end) };
  const single = SINGLE_DAY.exec(text);
  if (single !== null) {
    const from = end - (single[0].toLowerCase() === 'today' ? 1 : 2) * DAY_MS;
    return { words: single[0], from: dayText(from), to: dayText(from + DAY_MS) };
  }
  const weekday = WEEKDAY.exec(text);
  if (weekday !== null) return { words: weekday[0], ...latestWeekday(weekday, end) };
  const month = MONTH.exec(text);
  return month === null
    ? undefined
    : { words: month[0], ...latestMonth(MONTHS.indexOf(month[1]?.toLowerCase() ?? ''), lastDay) };
}

function calendarRange([, which, unit]: RegExpExecArray, end: number): DayRange {
  const back = which?.toLowerCase() === 'this' ? 0 : 1;
  // The period that "this" means holds the last day; the one before has ended with the data or earlier.
  const at = new Date(back === 0 ? end - DAY_MS : end);
  const [year, month] = [at.getUTCFullYear(), at.getUTCMonth()];
  switch (unit?.toLowerCase()) {
    case 'week': {
      const monday = at.getTime() - ((at.getUTCDay() + 6) % 7) * DAY_MS - back * 7 * DAY_MS;
      return { from: dayText(monday), to: dayText(monday + 7 * DAY_MS) };
    }
    case 'month':
      return months(year, month - back, 1);
    case 'quarter':
      return months(year, 3 * (Math.floor(month / 3) - back), 3);
    default:
      return months(year - back, 0, 12);
  }
}

/** The latest day of this name in the data; "since" it: until the data ends. */
function latestWeekday([, word, name]: RegExpExecArray, end: number): DayRange {
  const wanted = WEEKDAYS.split('|').indexOf(name?.toLowerCase() ?? '');
  const last = end - DAY_MS;
  const from = last - ((new Date(last).getUTCDay() - wanted + 7) % 7) * DAY_MS;
  return { from: dayText(from), to: dayText(word?.toLowerCase() === 'since' ? end : from + DAY_MS) };
}

/** The latest month of this name that began with the data's last day or before it. */
function latestMonth(month: number, lastDay: string): DayRange {
  const [year, last] = [Number(lastDay.slice(0, 4)), Number(lastDay.slice(5, 7)) - 1];
  return months(month <= last ? year : year - 1, month, 1);
}

const months = (year: number, month: number, count: number): DayRange => ({
  from: dayText(Date.UTC(year, month, 1)),
  to: dayText(Date.UTC(year, month + count, 1)),
});

const isDay = (day: string): boolean => !Number.isNaN(Date.parse(day)) && dayText(Date.parse(day)) === day;
/** The next day, YYYY-MM-DD. */
export const dayAfter = (day: string): string => dayText(Date.parse(day) + DAY_MS);
const dayText = (moment: number): string => new Date(moment).toISOString().slice(0, 10);
