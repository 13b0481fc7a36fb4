import type { Sql } from '../../persistence/sql.js';
import { nanoToUsd } from './decimal.js';
import type { ObservedDay } from './daily-series.js';
import { SPEND, usageByTime, type UsageScope } from './usage-scope.js';

/** Days that are read: the latest ten years. */
const DAYS_MAX = 3660;
/** A day whose rows leave out more than these hours at its start or end is not whole. */
const MARGIN = `interval '4 hours'`;

interface DayRow {
  readonly day: string;
  readonly spend: string;
  readonly whole: boolean;
  readonly last: Date;
}

export interface ObservedDays {
  readonly days: ObservedDay[];
  /** Start of the newest row; null without rows. */
  readonly last: Date | null;
}

/** The tenant's spend by calendar day of the scope's zone, oldest first. A day of buckets is whole: a bucket says what period it covers. */
export async function dailySpend(sql: Sql, tenantId: string, scope: UsageScope): Promise<ObservedDays> {
  const { where, parameters, civil } = usageByTime(tenantId, scope);
  const rows = await sql.rows<DayRow>(statement(where, civil), parameters);
  return {
    days: rows.map(({ day, spend, whole }) => ({ day, usd: nanoToUsd(BigInt(spend)), whole })),
    last: rows.at(-1)?.last ?? null,
  };
}

const statement = (where: string, civil: (moment: string) => string): string => `
  SELECT to_char(day, 'YYYY-MM-DD') AS day, spend::text, buckets OR (early AND late) AS whole, last
  FROM (SELECT day, coalesce(sum(spend), 0) AS spend, bool_or(row_kind = 'bucket') AS buckets, max(ts_start) AS last,
          min(shown) < day + ${MARGIN} AS early, max(shown_end) > day + 1 - ${MARGIN} AS late
        FROM (SELECT ${civil('ts_start')}::date AS day, ${civil('ts_start')} AS shown, ${civil('coalesce(ts_end, ts_start)')} AS shown_end,
                ${SPEND} AS spend, row_kind, ts_start FROM usage_event WHERE ${where}) usage
        GROUP BY day ORDER BY day DESC LIMIT ${DAYS_MAX}) daily
  ORDER BY day`;
