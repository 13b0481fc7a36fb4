import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What the charts of a report show; how they look is code. */
export class ReportCharts1700000000007 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE report ADD COLUMN charts json NOT NULL DEFAULT '[]'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE report DROP COLUMN charts');
  }
}
