import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Usage whose source knows its prompts by blocks is rare, and analysed apart from the rest. */
export class UsageWithBlocks1700000000014 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `CREATE INDEX usage_event_blocks ON usage_event (tenant_id, ts_start) WHERE tags ? 'prefix_blocks'`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX usage_event_blocks');
  }
}
