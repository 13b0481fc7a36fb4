import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What providers billed beside what was used, the same request in two sources, progress of imports, and prices that a tenant negotiated.
 * `counted` is false for lines of a bill whose provider and day have usage of their own: that is where their spend is.
 */
export class BillsAndPrices1700000000005 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of UP) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const statement of DOWN) await runner.query(statement);
  }
}

const UP = [
  `ALTER TABLE usage_event
     ADD COLUMN is_bill boolean NOT NULL DEFAULT false,
     ADD COLUMN counted boolean NOT NULL DEFAULT true,
     ADD COLUMN response_id text`,
  `CREATE INDEX usage_event_bill ON usage_event (tenant_id, ts_start) WHERE is_bill`,
  `CREATE UNIQUE INDEX usage_event_response ON usage_event (tenant_id, response_id) WHERE response_id IS NOT NULL`,
  `ALTER TABLE usage_import ADD COLUMN percent smallint`,
  // Rates are decimal strings in USD for a million tokens, as they were given: exact, and null where the list price stays.
  `CREATE TABLE price_override (
     tenant_id uuid NOT NULL REFERENCES tenant (id),
     provider text NOT NULL,
     model_id text NOT NULL,
     valid_from timestamptz NOT NULL,
     input_usd_per_million text,
     cache_read_usd_per_million text,
     cache_write_5m_usd_per_million text,
     cache_write_1h_usd_per_million text,
     output_usd_per_million text,
     discount_percent text,
     note text,
     updated_by uuid NOT NULL,
     updated_at timestamptz NOT NULL,
     PRIMARY KEY (tenant_id, provider, model_id, valid_from)
   )`,
  // Asked for in the transaction that changes prices; open until the stored costs follow them.
  `CREATE TABLE price_recomputation (
     tenant_id uuid PRIMARY KEY REFERENCES tenant (id),
     requested_at timestamptz NOT NULL,
     finished_at timestamptz
   )`,
  `CREATE INDEX price_recomputation_open ON price_recomputation (requested_at) WHERE finished_at IS NULL`,
];

const DOWN = [
  'DROP TABLE price_recomputation',
  'DROP TABLE price_override',
  'ALTER TABLE usage_import DROP COLUMN percent',
  'DROP INDEX usage_event_response',
  'DROP INDEX usage_event_bill',
  'ALTER TABLE usage_event DROP COLUMN response_id, DROP COLUMN counted, DROP COLUMN is_bill',
];
