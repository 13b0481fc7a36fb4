import { Injectable } from '@nestjs/common';
import { Database } from '../../persistence/database.js';
import type { Period } from './period-of-rows.js';

/** Periods of usage that reach into the days of a bill start at most so long before it. */
const LONGEST_BUCKET = '32 days';

/**
 * Decides which lines of bills count as spend: those whose provider has no usage with a cost on any of their days. Where there is, that usage
 * is the spend (it knows tokens, teams and models), and the bill is what it is reconciled with. Usage that cost nothing (a failed call) or
 * that nobody knows the price of would only hide what was billed. A FOCUS export repeats what a provider's own bill says;
 * where both are there, the provider's counts.
 */
@Injectable()
export class BillSettlement {
  constructor(private readonly database: Database) {}

  /** Looks at the bills of the tenant that touch this period (all of them without one) again. Changes nothing when it is repeated. */
  async settle(tenantId: string, period?: Period): Promise<void> {
    const bill = await this.database.row(
      'SELECT 1 AS found FROM usage_event WHERE tenant_id = $1 AND is_bill LIMIT 1',
      [tenantId],
    );
    if (bill === undefined) return;
    await this.database.transaction(async (sql) => {
      // Two imports that end together: the second one looks after the first has decided, and sees the rows of both.
      await sql.execute('SELECT id FROM tenant WHERE id = $1 FOR NO KEY UPDATE', [tenantId]);
      await sql.execute(SETTLE, [tenantId, period?.from, period?.to]);
    });
  }
}

const FIRST_DAY = `(ts_start AT TIME ZONE 'UTC')::date`;
/** A period ends before its end: midnight belongs to the next day. */
const LAST_DAY = `(greatest(ts_start, coalesce(ts_end - interval '1 microsecond', ts_start)) AT TIME ZONE 'UTC')::date`;
const OVERLAP = (a: string, b: string): string => `${a}.first_day <= ${b}.last_day AND ${a}.last_day >= ${b}.first_day`;

/** Uses usage_event_bill for the bills (a long one may meet others far outside the period), usage_event_time for the usage of their days. */
const SETTLE = `
  WITH bill AS (
    SELECT source, source_row_id, provider, counted, ${FIRST_DAY} AS first_day, ${LAST_DAY} AS last_day
    FROM usage_event WHERE tenant_id = $1 AND is_bill
      AND ($3::timestamptz IS NULL OR ts_start < $3::timestamptz + interval '1 day')
      AND ($2::timestamptz IS NULL OR coalesce(ts_end, ts_start) >= $2::timestamptz - interval '1 day')
  ), span AS (
    SELECT min(first_day) AS first_day, max(last_day) AS last_day FROM bill
  ), used AS (
    SELECT DISTINCT provider, ${FIRST_DAY} AS first_day, ${LAST_DAY} AS last_day
    FROM usage_event WHERE tenant_id = $1 AND NOT is_bill AND provider IS NOT NULL
      AND coalesce(cost_computed, cost_reported) > 0
      AND ts_start >= (SELECT first_day - interval '${LONGEST_BUCKET}' FROM span) AT TIME ZONE 'UTC'
      AND ts_start < (SELECT last_day + interval '1 day' FROM span) AT TIME ZONE 'UTC'
  ), own AS (
    SELECT DISTINCT provider, ${FIRST_DAY} AS first_day, ${LAST_DAY} AS last_day
    FROM usage_event WHERE tenant_id = $1 AND is_bill AND source <> 'focus'
      AND ts_start >= (SELECT first_day - interval '${LONGEST_BUCKET}' FROM span) AT TIME ZONE 'UTC'
      AND ts_start < (SELECT last_day + interval '1 day' FROM span) AT TIME ZONE 'UTC'
  ), settled AS (
    SELECT bill.source, bill.source_row_id,
      NOT EXISTS (SELECT FROM used WHERE used.provider = bill.provider AND ${OVERLAP('used', 'bill')})
      AND NOT (bill.source = 'focus' AND EXISTS (
        SELECT FROM own WHERE own.provider = bill.provider AND ${OVERLAP('own', 'bill')})) AS counted
    FROM bill
  )
  UPDATE usage_event old SET counted = settled.counted FROM settled
  WHERE old.tenant_id = $1 AND old.source = settled.source AND old.source_row_id = settled.source_row_id
    AND old.counted <> settled.counted`;
