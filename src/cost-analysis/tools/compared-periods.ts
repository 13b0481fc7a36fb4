import type { Comparison, Period } from './changed-use.js';
import { momentOfCivil, shownAt, UTC } from './time-zone.js';
import type { UsageScope } from './usage-scope.js';

const DAY_MS = 86_400_000;
const WEEK_MS = 7 * DAY_MS;

export interface AskedComparison extends UsageScope {
  readonly from: string;
  readonly to: string;
  readonly compare_from?: string | undefined;
  readonly compare_to?: string | undefined;
}

/** What the zone's clocks show, as if it were UTC, at the earliest and the latest moment that the data covers. */
export interface DataExtent {
  readonly first: Date;
  readonly last: Date;
}

interface ComparedPeriods {
  readonly comparison: Comparison;
  /** What of them the data covers only in part. */
  readonly caveats: readonly string[];
}

/**
 * By default as many whole weeks earlier as the period needs to end before it begins: weekdays are compared with themselves. A period ends with
 * the last day of the data, for days that are not imported yet are no drop of spend.
 */
export function comparedPeriods(asked: AskedComparison, extent: DataExtent | undefined): ComparedPeriods {
  const zone = asked.time_zone ?? UTC;
  const civil = (text: string): number => Date.parse(shownAt(text, zone));
  const startOfDay = (shown: Date): number => Math.floor(shown.getTime() / DAY_MS) * DAY_MS;
  const [start, askedEnd] = [civil(asked.from), civil(asked.to)];
  const dataEnd = extent === undefined ? askedEnd : startOfDay(extent.last) + DAY_MS;
  const isCut = start < dataEnd && dataEnd < askedEnd;
  const end = isCut ? dataEnd : askedEnd;
  const back = Math.max(1, Math.ceil((end - start) / WEEK_MS)) * WEEK_MS;
  const beforeStart = asked.compare_from === undefined ? start - back : civil(asked.compare_from);
  const beforeEnd = asked.compare_to === undefined ? beforeStart + (end - start) : civil(asked.compare_to);
  const dataStart = extent === undefined ? beforeStart : startOfDay(extent.first);
  const isSameLength = beforeEnd - beforeStart === end - start;
  return {
    comparison: {
      before: periodOf(beforeStart, beforeEnd, zone),
      after: periodOf(start, end, zone),
    },
    caveats: [
      ...(isCut ? [isSameLength ? CUT_BOTH : CUT_ONE] : []),
      ...(beforeStart < dataStart && dataStart < beforeEnd ? [BEGINS_LATE] : []),
    ],
  };
}

const periodOf = (from: number, to: number, zone: string): Period => ({
  from: momentOfCivil(from, zone),
  to: momentOfCivil(to, zone),
  shown: { from: new Date(from), to: new Date(to) },
});

const CUT_BOTH =
  'The data ends before the period does: only the days up to its last one are compared, with as many days before.';
const CUT_ONE = 'The data ends before the period does, so that fewer days of it are compared with more days before.';
const BEGINS_LATE = 'The data begins within the period compared with, so that a part of the change is missing data.';
