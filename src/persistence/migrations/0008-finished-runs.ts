import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a user's runs have just ended: who follows the user asks for it, in case that the news of a run was lost. */
export class FinishedRuns1700000000008 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE INDEX run_finished ON run (user_id, finished_at) WHERE finished_at IS NOT NULL');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX run_finished');
  }
}
