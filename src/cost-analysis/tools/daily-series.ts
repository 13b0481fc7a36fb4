import { median } from './statistics.js';

/** Spend of one calendar day (UTC), in USD as a float: input of statistics, not of sums that are shown. */
export interface DailySpend {
  readonly day: string;
  readonly usd: number;
  /** There is usage on the day and no price for it: `usd` is what its weekday usually costs, and nothing to judge or to show. */
  readonly unpriced?: true;
}

/** A day as the database answers it. */
export interface ObservedDay {
  readonly day: string;
  /** Null: none of its usage has a price. */
  readonly usd: number | null;
  /** False when its rows cover only a part of the day. */
  readonly whole: boolean;
}

const DAY_MS = 86_400_000;

/** So many days without any usage can be a holiday; more are no data, not days on which nothing was spent. */
const EMPTY_DAYS_MAX = 7;

/** Days in order, cut where usage is missing for longer than a holiday. `until`: the last day that usage of a day covers; by default itself. */
export function contiguous<Day extends { readonly day: string; readonly until?: string }>(
  days: readonly Day[],
): Day[][] {
  const ranges: Day[][] = [];
  let covered = Number.NEGATIVE_INFINITY;
  for (const day of days) {
    const open = ranges.at(-1);
    if (open === undefined || Date.parse(day.day) - covered > (EMPTY_DAYS_MAX + 1) * DAY_MS) ranges.push([day]);
    else open.push(day);
    covered = Math.max(covered, Date.parse(day.until ?? day.day));
  }
  return ranges;
}

/**
 * The whole days of each range that usage covers, oldest first, days without usage as zero. Nothing is carried from one range to the next: what
 * is usual, or comes next, does not show across months without data.
 */
export const wholeRanges = (observed: readonly ObservedDay[]): DailySpend[][] =>
  contiguous(observed)
    .map(wholeDays)
    .filter((range) => range.length > 0);

/**
 * The days from first to last without a gap, days without usage as zero. A first or last day that the data covers only in part is left
 * out: it would look like a drop, and pull every mean down. So are days without any price, which are not free.
 */
export function wholeDays(observed: readonly ObservedDay[]): DailySpend[] {
  const inner = observed.slice(observed[0]?.whole === false ? 1 : 0);
  const days = inner.slice(0, inner.at(-1)?.whole === false ? -1 : undefined);
  const priced = days.filter(({ usd }) => usd !== null);
  const [first, last] = [priced[0], priced.at(-1)];
  if (first === undefined || last === undefined) return [];
  const spend = new Map(days.map(({ day, usd }) => [day, usd]));
  const series: { day: string; usd: number | null }[] = [];
  for (let at = Date.parse(first.day); at <= Date.parse(last.day); at += DAY_MS) {
    const day = new Date(at).toISOString().slice(0, 10);
    const usd = spend.get(day);
    series.push({ day, usd: usd === undefined ? 0 : usd });
  }
  return series.map(({ day, usd }, at) =>
    usd === null ? { day, usd: usualOn(series, at), unpriced: true } : { day, usd },
  );
}

/** The median of the same weekday; of all days where no such one has a price. */
function usualOn(series: readonly { readonly usd: number | null }[], at: number): number {
  const known = (days: typeof series): number[] => days.flatMap(({ usd }) => usd ?? []);
  const same = known(series.filter((_, other) => (other - at) % 7 === 0));
  return median(same.length === 0 ? known(series) : same);
}

/** What a statistic over the latest range says of the others. */
export const LATEST_RANGE_ONLY =
  'Usage before the latest gap of more than a week is left out: whether it would go on is not known.';
