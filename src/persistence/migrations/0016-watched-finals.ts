import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Up to when the final events of all runs were looked at, by whichever process: each is looked at once, also when the one that stored it is gone. */
export class WatchedFinals1700000000016 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE installation ADD COLUMN finals_watched_until timestamptz NOT NULL DEFAULT now()');
    await runner.query('CREATE INDEX run_ended ON run (finished_at) WHERE finished_at IS NOT NULL');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX run_ended');
    await runner.query('ALTER TABLE installation DROP COLUMN finals_watched_until');
  }
}
