import { DAY_MS, dayOf, dayText, isDay, MONTH_NAMES, monthOf, months, yearOf, type DayRange } from './calendar.js';

/** Words of a question that name days, and where they stand. */
export type PeriodWords = DayRange & {
  readonly at: number;
  readonly end: number;
  /** Counted from where the asker stands ("last week"), not by the calendar ("in July"). */
  readonly isRelative: boolean;
  /** A single day: "from" it is since then, where "from" a month is mostly "of" it. */
  readonly isDay: boolean;
};

interface Reader {
  readonly pattern: RegExp;
  readonly isRelative?: true;
  /** `last`: the last day of the data; without it, only what names its year can be read. */
  readonly read: (match: RegExpExecArray, last: string | undefined) => DayRange | undefined;
}

const MONTH =
  '(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\\.?';
const ORDINAL = '(\\d{1,2})(?:st|nd|rd|th)?';
const YEAR = '(?:,?\\s+(20\\d{2}))?';
const UNTIL = '\\s*(?:-|–|to|and|until|till|through)\\s*';
const WEEKDAYS = 'sunday monday tuesday wednesday thursday friday saturday'.split(' ');
const NUMBERS = 'zero one two three four five six seven eight nine ten eleven twelve'.split(' ');
/** Words that are months only where a month can stand. */
const MONTH_LEAD =
  '(?<=\\b(?:in|for|during|of|since|from|until|till|before|after|through|versus|vs|vs\\.|than|with|to|and|last|early|mid|late|[(,])[\\s-]+)';

const monthIndex = (name = ''): number =>
  MONTH_NAMES.findIndex((month) => month.startsWith(name.toLowerCase().slice(0, 3)));

/** The year that is named, else the latest in which this day of the year lies in the data or before its end. */
function yearFor(named: string | undefined, day: string, last: string | undefined): number | undefined {
  if (named !== undefined) return Number(named);
  if (last === undefined) return undefined;
  return day <= last.slice(5) ? yearOf(last) : yearOf(last) - 1;
}

const monthDay = (month: number, day: number): string =>
  `${String(month + 1).padStart(2, '0')}-${String(day).padStart(2, '0')}`;

/** Days `first` to `second` of a month. */
function daysOfMonth([name, first, second]: readonly [string?, string?, string?], year?: string, last?: string) {
  const month = monthIndex(name);
  const inYear = yearFor(year, monthDay(month, Number(first)), last);
  if (inYear === undefined) return undefined;
  const [from, to] = [dayOf(inYear, month, Number(first)), dayOf(inYear, month, Number(second))];
  return from === undefined || to === undefined || to < from
    ? undefined
    : { from, to: dayText(Date.parse(to) + DAY_MS) };
}

/** `count` months from this one on. */
function monthsFrom(
  month: number,
  count: number,
  { year, last }: { year?: string | undefined; last?: string | undefined },
) {
  const inYear = yearFor(year, monthDay(month, 1), last);
  return inYear === undefined ? undefined : months(inYear, month, count);
}

const PARTS: readonly (readonly [RegExp, (days: DayRange) => DayRange])[] = [
  [/week/i, (days) => days],
  [/early|beginning|start/i, ({ from }) => ({ from, to: moved(from, 10) })],
  [/mid/i, ({ from }) => ({ from: moved(from, 10), to: moved(from, 20) })],
  [/late|end/i, ({ from, to }) => ({ from: moved(from, 20), to })],
  [/first half/i, ({ from }) => ({ from, to: moved(from, 15) })],
  [/second half/i, ({ from, to }) => ({ from: moved(from, 15), to })],
];

const moved = (day: string, days: number): string => dayText(Date.parse(day) + days * DAY_MS);

function partOf(part: string, whole: DayRange | undefined): DayRange | undefined {
  if (whole === undefined) return undefined;
  if (/first week/i.test(part)) return { from: whole.from, to: moved(whole.from, 7) };
  if (/last week/i.test(part)) return { from: moved(whole.to, -7), to: whole.to };
  return PARTS.find(([words]) => words.test(part))?.[1](whole);
}

const ORDINALS = ['first', 'second', 'third', 'fourth'];

/** What the calendar names, the longer ways to write it first. */
const DATED: readonly Reader[] = [
  {
    pattern: /\b(20\d{2}-\d{2}-\d{2})\b/g,
    read: ([, day = '']) => (isDay(day) ? { from: day, to: moved(day, 1) } : undefined),
  },
  { pattern: /\b(20\d{2})-(\d{2})\b(?!-\d)/g, read: ([, year, month]) => months(Number(year), Number(month) - 1, 1) },
  {
    pattern: new RegExp(`\\b${ORDINAL}${UNTIL}${ORDINAL}\\s+(?:of\\s+)?${MONTH}${YEAR}\\b`, 'gi'),
    read: ([, first, second, month, year], last) => daysOfMonth([month, first, second], year, last),
  },
  {
    pattern: new RegExp(`\\b${MONTH}\\s+${ORDINAL}${UNTIL}${ORDINAL}(?![\\d.]|\\s*(?:${MONTH}))${YEAR}\\b`, 'gi'),
    read: ([, month, first, second, , year], last) => daysOfMonth([month, first, second], year, last),
  },
  {
    pattern: new RegExp(`\\b${ORDINAL}\\s+(?:of\\s+)?${MONTH}${YEAR}\\b`, 'gi'),
    read: ([, day, month, year], last) => daysOfMonth([month, day, day], year, last),
  },
  {
    pattern: new RegExp(`\\b${MONTH}\\s+(?:the\\s+)?${ORDINAL}(?![\\d.%])${YEAR}\\b`, 'gi'),
    read: ([, month, day, year], last) => daysOfMonth([month, day, day], year, last),
  },
  {
    pattern: new RegExp(
      `\\b(early|mid|late|(?:the\\s+)?(?:beginning|start|end|first half|second half|first week|last week)\\s+of)[\\s-]+${MONTH}${YEAR}\\b`,
      'gi',
    ),
    read: ([, part = '', month, year], last) => partOf(part, monthsFrom(monthIndex(month), 1, { year, last })),
  },
  {
    pattern: new RegExp(`\\b${MONTH},?\\s+(20\\d{2})\\b`, 'gi'),
    read: ([, month, year]) => monthsFrom(monthIndex(month), 1, { year }),
  },
  {
    pattern: /\bq([1-4])\b(?:[\s/-]*(?:of\s+)?(20\d{2})\b)?/gi,
    read: ([, quarter, year], last) => monthsFrom(3 * (Number(quarter) - 1), 3, { year, last }),
  },
  {
    pattern: /\b(first|second|third|fourth)\s+quarter\b(?:\s+(?:of\s+)?(20\d{2})\b)?/gi,
    read: ([, which = '', year], last) => monthsFrom(3 * ORDINALS.indexOf(which.toLowerCase()), 3, { year, last }),
  },
  {
    pattern: /\b(?:h([12])|(first|second)\s+half\s+of(?:\s+the\s+year)?)\b(?:\s*(20\d{2})\b)?/gi,
    read: ([, half, word = 'first', year], last) =>
      monthsFrom(half === '2' || word.toLowerCase() === 'second' ? 6 : 0, 6, { year, last }),
  },
  {
    pattern:
      /(?<=\b(?:in|for|during|since|after|before|until|till|up to|of|and|to|than|with|vs\.?|versus|compare)\s+)(20\d{2})\b(?!-)/gi,
    read: ([, year]) => months(Number(year), 0, 12),
  },
  {
    pattern: /\b(january|february|april|june|july|august|september|october|november|december)\b/gi,
    read: ([, month], last) => monthsFrom(monthIndex(month), 1, { last }),
  },
  {
    pattern: new RegExp(`${MONTH_LEAD}${MONTH}(?!\\w|\\s+(?:we|i|it|be|not|have|you)\\b)`, 'gi'),
    read: ([, month], last) => monthsFrom(monthIndex(month), 1, { last }),
  },
];

/** What is counted from where the asker stands: the day after the last one of the data, except for "today" itself. */
const RELATIVE: readonly Reader[] = [
  {
    pattern:
      /\b(?:last|past|previous)\s+(\d{1,3}|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|couple of|few)\s+(hour|day|week|month|quarter|year)s?\b/gi,
    read: ([, count = '', unit = ''], last) => (last === undefined ? undefined : rolling(count, unit, last)),
  },
  {
    pattern: /\b(last|previous|this|past|current)\s+(weekend|week|month|quarter|year)\b(?!\s+of\b)/gi,
    read: ([, which = '', unit = ''], last) =>
      last === undefined ? undefined : calendarUnit(unit, /this|current/i.test(which) ? 0 : 1, last),
  },
  {
    pattern: /\b(?:(week|month|quarter|year)[\s-]to[\s-]date|([wmqy])td)\b/gi,
    read: ([, unit, letter = ''], last) =>
      last === undefined ? undefined : calendarUnit(unit ?? LETTERS[letter.toLowerCase()] ?? 'year', 0, last),
  },
  {
    pattern: /\b(the day before yesterday|yesterday|today)\b/gi,
    read: ([, word = ''], last) => {
      if (last === undefined) return undefined;
      const from = moved(last, /^today/i.test(word) ? 0 : /^yesterday/i.test(word) ? -1 : -2);
      return { from, to: moved(from, 1) };
    },
  },
  {
    pattern: new RegExp(`\\b(?:(?:on|last|this|past|since)\\s+)?(${WEEKDAYS.join('|')})\\b`, 'gi'),
    read: ([, name = ''], last) => {
      if (last === undefined) return undefined;
      const from = moved(last, -((weekday(last) - WEEKDAYS.indexOf(name.toLowerCase()) + 7) % 7));
      return { from, to: moved(from, 1) };
    },
  },
];

const LETTERS: Readonly<Record<string, string>> = { w: 'week', m: 'month', q: 'quarter', y: 'year' };
const weekday = (day: string): number => new Date(day).getUTCDay();

const UNIT_DAYS: Readonly<Record<string, number>> = {
  hour: 1 / 24,
  day: 1,
  week: 7,
  month: 30,
  quarter: 91,
  year: 365,
};

function rolling(count: string, unit: string, last: string): DayRange {
  const word = count.toLowerCase();
  const many = word === 'few' ? 3 : word === 'couple of' ? 2 : NUMBERS.indexOf(word);
  const days = Math.ceil((many < 0 ? Number(count) : many) * (UNIT_DAYS[unit.toLowerCase()] ?? 1));
  const to = moved(last, 1);
  return { from: moved(to, -days), to };
}

/** The period that "this" means (`back` 0) holds the last day; the one before has ended with the data or earlier. */
export function calendarUnit(unit: string, back: 0 | 1, last: string): DayRange {
  const at = back === 0 ? last : moved(last, 1);
  const [year, month] = [yearOf(at), monthOf(at)];
  switch (unit.toLowerCase()) {
    case 'weekend': {
      // On a Saturday or Sunday, "last weekend" is not the one that it belongs to.
      const saturday = moved(at, -((weekday(at) + 1) % 7) - (back === 1 && [0, 6].includes(weekday(at)) ? 7 : 0));
      return { from: saturday, to: moved(saturday, 2) };
    }
    case 'week': {
      const monday = moved(at, -((weekday(at) + 6) % 7) - back * 7);
      return { from: monday, to: moved(monday, 7) };
    }
    case 'month':
      return months(year, month - back, 1);
    case 'quarter':
      return months(year, 3 * (Math.floor(month / 3) - back), 3);
    default:
      return months(year - back, 0, 12);
  }
}

/** The words in a text that name days, in their order; where two readings overlap, the one that begins first, then the longer one. */
export function periodWords(text: string, last: string | undefined): PeriodWords[] {
  const found = [...DATED, ...RELATIVE].flatMap((reader) => wordsOf(reader, text, last));
  const free: PeriodWords[] = [];
  for (const one of found.sort((a, b) => a.at - b.at || b.end - a.end))
    if (one.at >= (free.at(-1)?.end ?? 0)) free.push(one);
  return free;
}

function wordsOf(reader: Reader, text: string, last: string | undefined): PeriodWords[] {
  return [...text.matchAll(reader.pattern)].flatMap((match) => {
    const days = reader.read(match, last);
    if (days === undefined) return [];
    return [
      {
        ...days,
        at: match.index,
        end: match.index + match[0].length,
        isRelative: RELATIVE.includes(reader),
        isDay: Date.parse(days.to) - Date.parse(days.from) === DAY_MS,
      },
    ];
  });
}
