export const DAY_MS = 86_400_000;

/** A half-open range of days, YYYY-MM-DD; `to` is the day after the last. */
export type DayRange = {
  readonly from: string;
  readonly to: string;
};

export const dayText = (moment: number): string => new Date(moment).toISOString().slice(0, 10);

/** The next day, YYYY-MM-DD. */
export const dayAfter = (day: string): string => daysAfter(day, 1);

export const daysAfter = (day: string, days: number): string => dayText(Date.parse(day) + days * DAY_MS);

/** Whole months; `month` counts from 0 and may lie outside the year. */
export const months = (year: number, month: number, count: number): DayRange => ({
  from: dayText(Date.UTC(year, month, 1)),
  to: dayText(Date.UTC(year, month + count, 1)),
});

/** The day, YYYY-MM-DD; undefined when the month has no such day. */
export function dayOf(year: number, month: number, day: number): string | undefined {
  const moment = new Date(Date.UTC(year, month, day));
  return moment.getUTCMonth() === month && moment.getUTCDate() === day ? dayText(moment.getTime()) : undefined;
}

export const isDay = (day: string): boolean => !Number.isNaN(Date.parse(day)) && dayText(Date.parse(day)) === day;

export const yearOf = (day: string): number => Number(day.slice(0, 4));
/** From 0. */
export const monthOf = (day: string): number => Number(day.slice(5, 7)) - 1;

export const MONTH_NAMES =
  'january february march april may june july august september october november december'.split(' ');
