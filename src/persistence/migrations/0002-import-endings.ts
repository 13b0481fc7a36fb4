import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How an import ends: rows of a failed one are found and taken out, and rows that got their price later are counted. */
export class ImportEndings1700000000002 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE usage_import ADD COLUMN repriced integer NOT NULL DEFAULT 0');
    await runner.query('CREATE INDEX usage_event_import ON usage_event (import_id)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX usage_event_import');
    await runner.query('ALTER TABLE usage_import DROP COLUMN repriced');
  }
}
