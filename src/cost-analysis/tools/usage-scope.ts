import { z } from 'zod';
import type { SqlParameter } from '../../persistence/sql.js';
import { civilTime, startsWhere } from './row-days.js';
import { momentOf, shownAt, timeZone, UTC } from './time-zone.js';

/** What usage can be grouped and filtered by, and the column behind each name. Names from a caller never reach SQL: these texts do. */
export const DIMENSION_COLUMNS = {
  model: 'coalesce(model_id, model_raw)',
  provider: 'provider',
  team: 'team',
  project: 'project',
  feature: 'feature',
  user: 'user_hash',
  api_key: 'api_key_ref',
  operation: 'operation',
  status: 'status',
  service_tier: 'service_tier',
  source: 'source',
} as const;

export type Dimension = keyof typeof DIMENSION_COLUMNS;
export const DIMENSIONS = Object.keys(DIMENSION_COLUMNS) as [Dimension, ...Dimension[]];

/** What a row cost: recomputed from tokens and prices; as reported where it could not be priced; null when neither is known. */
export const SPEND = 'coalesce(cost_computed, cost_reported)';
/** Calls behind a row; null for a bucket whose count is unknown. */
export const REQUESTS = `coalesce(requests, CASE row_kind WHEN 'request' THEN 1 END)`;
/** The last moment that a row covers. A period ends before its end: midnight belongs to the next day. */
export const LAST_MOMENT = `greatest(ts_start, coalesce(ts_end - interval '1 microsecond', ts_start))`;

const moment = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?Z)?$/)
  .refine((text) => !Number.isNaN(Date.parse(text)), 'not a date');

const filter = z.string().min(1).max(200);

/** Parameters that all tools share: a half-open time range and filters by dimension. Without them: all usage of the tenant. */
export const usageScopeSchema = z.object({
  from: moment
    .optional()
    .describe('first moment, a day (YYYY-MM-DD) of the zone or ISO 8601 in UTC; default: all data'),
  to: moment.optional().describe('end, exclusive; default: all data'),
  where: z.partialRecord(z.enum(DIMENSIONS), filter).optional().describe('only usage with these values'),
  time_zone: timeZone.optional().describe('IANA name of the zone whose days are meant; default: UTC'),
});

export type UsageScope = z.output<typeof usageScopeSchema>;

/**
 * The condition that limits a statement to one tenant's usage in this scope. Relies on usage_event_time (tenant_id, ts_start). `spend`: what
 * counts, once; `all`: also lines of bills whose usage is there, for who compares the two.
 */
export function usageFilter(
  tenantId: string,
  scope: UsageScope,
  rows: 'spend' | 'all' = 'spend',
): { where: string; parameters: SqlParameter[] } {
  const conditions = rows === 'spend' ? ['tenant_id = $1', 'counted'] : ['tenant_id = $1'];
  const parameters: SqlParameter[] = [tenantId];
  const add = (value: SqlParameter): string => `$${parameters.push(value)}`;
  const zone = scope.time_zone ?? UTC;
  const limit = (comparison: '>=' | '<', text: string): string => {
    const moment = `${add(momentOf(text, zone))}::timestamptz`;
    if (zone === UTC) return `ts_start ${comparison} ${moment}`;
    return startsWhere(comparison, { moment, civil: `${add(shownAt(text, zone))}::timestamptz` });
  };
  if (scope.from !== undefined) conditions.push(limit('>=', scope.from));
  if (scope.to !== undefined) conditions.push(limit('<', scope.to));
  for (const dimension of DIMENSIONS) {
    const wanted = scope.where?.[dimension];
    if (wanted !== undefined) conditions.push(`${DIMENSION_COLUMNS[dimension]} = ${add(wanted)}`);
  }
  return { where: conditions.join(' AND '), parameters };
}

/**
 * As usageFilter, for who groups by time: `civil` is what the clocks of the scope's zone show at a moment of a row, a `timestamp`; `shown` the same
 * as if it were UTC, a `timestamptz`, which takes no time in UTC.
 */
export function usageByTime(tenantId: string, scope: UsageScope): UsageByTime {
  const { where, parameters } = usageFilter(tenantId, scope);
  if ((scope.time_zone ?? UTC) === UTC)
    return { where, parameters, civil: (moment) => `(${moment} AT TIME ZONE 'UTC')`, shown: (moment) => moment };
  const zone = `$${parameters.push(scope.time_zone)}::text`;
  const civil = (moment: string): string => civilTime(moment, zone);
  return { where, parameters, civil, shown: (moment) => `(${civil(moment)} AT TIME ZONE 'UTC')` };
}

interface UsageByTime {
  readonly where: string;
  readonly parameters: SqlParameter[];
  readonly civil: (moment: string) => string;
  readonly shown: (moment: string) => string;
}

/** `sum()` over bigint comes as numeric text, null over no rows. */
export const bigintOf = (text: string | null | undefined): bigint => BigInt(text ?? '0');
