import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Within an attempt at a run: from which round on its owner's appends count. One of an earlier round that arrives late stores nothing. */
export class AppendRounds1700000000015 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE run ADD COLUMN append_round integer NOT NULL DEFAULT 0');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE run DROP COLUMN append_round');
  }
}
