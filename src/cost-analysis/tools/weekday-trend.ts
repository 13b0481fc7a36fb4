import { median } from './statistics.js';

const WEEK = 7;
/** Days of the past below which a slope would be mostly noise, carried far. */
const TREND_DAYS_MIN = 21;

/** Values by day, on a log scale, and the positions in them that count. */
interface Past {
  readonly values: readonly number[];
  readonly window: readonly number[];
}

/**
 * What the past lets expect of the day at `index`: the median of the same weekday, carried along the trend. The trend is the median slope between
 * weeks (Theil–Sen), so neither the weekly rhythm nor single strange days bend it.
 */
export function expectedValue(past: Past, index: number): number {
  const carried = carriedTo(past, index);
  const weekday = carried.filter(({ at }) => at % WEEK === index % WEEK);
  return median((weekday.length === 0 ? carried : weekday).map(({ value }) => value));
}

/**
 * How far each day of the past lay from what the others of its weekday let expect. A day is no part of its own yardstick: a median of two days
 * lies halfway to each of them, and the spread would seem smaller than it is.
 */
export function pastDeviations(past: Past, index: number): number[] {
  const carried = carriedTo(past, index);
  return carried.flatMap(({ at, value }) => {
    const others = carried.filter((other) => other.at !== at && other.at % WEEK === at % WEEK);
    return others.length === 0 ? [] : [value - median(others.map((other) => other.value))];
  });
}

/**
 * How far apart the days are that an expectation rests on, where there are only two of that weekday: one of them may be strange itself, and
 * nothing says which. Three or more outvote it.
 */
export function pairDistance(past: Past, index: number): number {
  const [one, other, third] = carriedTo(past, index).filter(({ at }) => at % WEEK === index % WEEK);
  return one === undefined || other === undefined || third !== undefined ? 0 : Math.abs(one.value - other.value);
}

const carriedTo = (past: Past, index: number): { at: number; value: number }[] => {
  const slope = past.window.length < TREND_DAYS_MIN ? 0 : weekSlope(past, index);
  return past.window.map((at) => ({ at, value: (past.values[at] ?? 0) + slope * (index - at) }));
};

/**
 * Change per day: the median slope between the middles of weeks, each day seen from the median of its weekday. Slopes between single days would follow
 * a wave that no week repeats.
 */
function weekSlope({ values, window }: Past, index: number): number {
  const usual = new Map<number, number[]>();
  for (const at of window) usual.set(at % WEEK, [...(usual.get(at % WEEK) ?? []), values[at] ?? 0]);
  const weeks = new Map<number, number[]>();
  for (const at of window) {
    const week = Math.floor((index - 1 - at) / WEEK);
    weeks.set(week, [...(weeks.get(week) ?? []), (values[at] ?? 0) - median(usual.get(at % WEEK) ?? [])]);
  }
  const middles = [...weeks].map(([week, offsets]) => ({ at: -WEEK * week, offset: median(offsets) }));
  const slopes = middles.flatMap((later, position) =>
    middles.slice(0, position).map((earlier) => (later.offset - earlier.offset) / (later.at - earlier.at)),
  );
  return slopes.length === 0 ? 0 : median(slopes);
}
