import type { Sql } from '../../persistence/sql.js';
import { contiguous } from './daily-series.js';
import { LAST_MOMENT, usageByTime, type UsageScope } from './usage-scope.js';

interface CoveredDay {
  readonly day: string;
  readonly until: string;
}

const DAY_MS = 86_400_000;

/**
 * How many calendar days of the scope's zone the tenant's usage covers: what it comes to a month is counted on them. Weekends and holidays without usage are covered;
 * the time between sources that lie apart is not. A bucket covers all days of its period.
 */
export async function coveredDays(sql: Sql, tenantId: string, scope: UsageScope): Promise<number> {
  const { where, parameters, civil } = usageByTime(tenantId, scope);
  const days = await sql.rows<CoveredDay>(statement(where, civil), parameters);
  return contiguous(days).reduce((total, range) => total + lengthOf(range), 0);
}

function lengthOf(range: readonly CoveredDay[]): number {
  const last = range.reduce((latest, { until }) => (until > latest ? until : latest), '');
  return range[0] === undefined ? 0 : (Date.parse(last) - Date.parse(range[0].day)) / DAY_MS + 1;
}

const statement = (where: string, civil: (moment: string) => string): string => `
  SELECT to_char(day, 'YYYY-MM-DD') AS day, to_char(max(until), 'YYYY-MM-DD') AS until
  FROM (SELECT ${civil('ts_start')}::date AS day, ${civil(LAST_MOMENT)}::date AS until FROM usage_event WHERE ${where}) usage
  GROUP BY day ORDER BY day`;
