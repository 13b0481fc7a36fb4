import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Rows of usage come by the hundred thousand, all of one import: that it exists is checked once a batch, by the statement that adds the batch
 * to its counts in the same transaction, rather than with a query for each row. Imports are never deleted.
 */
export class CopiedUsage1700000000009 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE usage_event DROP CONSTRAINT usage_event_import_id_fkey');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      'ALTER TABLE usage_event ADD CONSTRAINT usage_event_import_id_fkey FOREIGN KEY (import_id) REFERENCES usage_import (id)',
    );
  }
}
