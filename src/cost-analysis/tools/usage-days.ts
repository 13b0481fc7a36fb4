import type { Sql } from '../../persistence/sql.js';
import { contiguous, type ObservedDay } from './daily-series.js';
import { nanoToUsd } from './decimal.js';
import { LAST_MOMENT, SPEND, usageByTime, type UsageScope } from './usage-scope.js';

/** Days whose spend is looked at: the latest ten years. */
const DAYS_MAX = 3660;
/** A day whose rows leave out more than these hours at its start or end is not whole. */
const MARGIN_HOURS = 4;
const DAY_MS = 86_400_000;

/** A calendar day of the scope's zone on which usage starts. */
export interface UsageDay {
  readonly day: string;
  /** The last day that its usage covers. */
  readonly until: string;
  /** Nano-USD, as numeric text; null where none of its usage has a price. */
  readonly spend: string | null;
  /** Whether a row of it has no price. */
  readonly has_unpriced: boolean;
  /** A day of buckets is whole: a bucket says what period it covers. */
  readonly whole: boolean;
  /** Start of its newest row. */
  readonly last: Date;
}

/** All days of the tenant's usage, oldest first. */
export function usageDays(sql: Sql, tenantId: string, scope: UsageScope): Promise<UsageDay[]> {
  const { where, parameters, shown } = usageByTime(tenantId, scope);
  return sql.rows<UsageDay>(statement(where, shown), parameters);
}

export interface ObservedDays {
  readonly days: ObservedDay[];
  /** Days with usage that has no price. */
  readonly unpricedDays: number;
  /** Start of the newest row; null without rows. */
  readonly last: Date | null;
}

export function observedDays(all: readonly UsageDay[]): ObservedDays {
  const days = all.slice(-DAYS_MAX);
  return {
    days: days.map(({ day, spend, whole }) => ({ day, usd: spend === null ? null : nanoToUsd(BigInt(spend)), whole })),
    unpricedDays: days.filter((day) => day.has_unpriced).length,
    last: days.at(-1)?.last ?? null,
  };
}

/**
 * How many calendar days usage covers: what it comes to a month is counted on them. Weekends and holidays without usage are covered; the time
 * between sources that lie apart is not. A bucket covers all days of its period.
 */
export const coveredDays = (days: readonly UsageDay[]): number =>
  contiguous(days).reduce((total, range) => total + lengthOf(range), 0);

function lengthOf(range: readonly UsageDay[]): number {
  const last = range.reduce((latest, { until }) => (until > latest ? until : latest), '');
  return range[0] === undefined ? 0 : (Date.parse(last) - Date.parse(range[0].day)) / DAY_MS + 1;
}

const HOURS = (hours: number): string => `interval '${hours} hours'`;
const dateOf = (shown: string): string => `to_char(${shown} AT TIME ZONE 'UTC', 'YYYY-MM-DD')`;

/** One scan, and little of it for each row: dates are made of the few days. */
const statement = (where: string, shown: (moment: string) => string): string => `
  SELECT ${dateOf('day')} AS day, ${dateOf('until')} AS until, spend::text, has_unpriced,
    buckets OR (first_shown < day + ${HOURS(MARGIN_HOURS)} AND last_shown > day + ${HOURS(24 - MARGIN_HOURS)}) AS whole, last
  FROM (SELECT date_bin('1 day', ${shown('ts_start')}, 'epoch') AS day, sum(${SPEND}) AS spend, bool_or(${SPEND} IS NULL) AS has_unpriced, bool_or(row_kind = 'bucket') AS buckets,
          max(ts_start) AS last, min(${shown('ts_start')}) AS first_shown, max(${shown('coalesce(ts_end, ts_start)')}) AS last_shown,
          max(${shown(LAST_MOMENT)}) AS until
        FROM usage_event WHERE ${where} GROUP BY 1) daily
  ORDER BY daily.day`;
