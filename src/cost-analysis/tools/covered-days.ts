import type { Sql } from '../../persistence/sql.js';
import { contiguous } from './daily-series.js';
import { DAY, LAST_DAY, usageFilter, type UsageScope } from './usage-scope.js';

interface CoveredDay {
  readonly day: string;
  readonly until: string;
}

const DAY_MS = 86_400_000;

/**
 * How many calendar days the tenant's usage covers: what it comes to a month is counted on them. Weekends and holidays without usage are covered;
 * the time between sources that lie apart is not. A bucket covers all days of its period.
 */
export async function coveredDays(sql: Sql, tenantId: string, scope: UsageScope): Promise<number> {
  const { where, parameters } = usageFilter(tenantId, scope);
  const days = await sql.rows<CoveredDay>(statement(where), parameters);
  return contiguous(days).reduce((total, range) => total + lengthOf(range), 0);
}

function lengthOf(range: readonly CoveredDay[]): number {
  const last = range.reduce((latest, { until }) => (until > latest ? until : latest), '');
  return range[0] === undefined ? 0 : (Date.parse(last) - Date.parse(range[0].day)) / DAY_MS + 1;
}

const statement = (where: string): string => `
  SELECT to_char(day, 'YYYY-MM-DD') AS day, to_char(max(until), 'YYYY-MM-DD') AS until
  FROM (SELECT ${DAY} AS day, ${LAST_DAY} AS until FROM usage_event WHERE ${where}) usage GROUP BY day ORDER BY day`;
