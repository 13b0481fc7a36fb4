import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What an import said of buckets and lines of bills that are there already with another size, and that was not taken. */
export class RestatedCosts1700000000013 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE usage_event ADD COLUMN cost_restated bigint');
    await runner.query(
      'CREATE INDEX usage_event_restated ON usage_event (tenant_id, ts_start) WHERE cost_restated IS NOT NULL',
    );
    await runner.query('ALTER TABLE usage_import ADD COLUMN differing integer NOT NULL DEFAULT 0');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE usage_import DROP COLUMN differing');
    await runner.query('ALTER TABLE usage_event DROP COLUMN cost_restated');
  }
}
