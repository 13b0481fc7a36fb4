import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Which run of a thread computed recommendations, and what they rest on: what it found is in its tool calls and agent results. */
export class Recommendations1700000000011 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `CREATE TABLE recommendation (
         run_id uuid PRIMARY KEY REFERENCES run (id),
         tenant_id uuid NOT NULL,
         user_id uuid NOT NULL,
         thread_id uuid NOT NULL REFERENCES thread (id),
         basis text NOT NULL,
         created_at timestamptz NOT NULL
       )`,
    );
    await runner.query('CREATE INDEX recommendation_thread ON recommendation (thread_id, created_at DESC)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE recommendation');
  }
}
