import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The processes of the deployment, each with what the others should know of it; and which of them hold a session's
 * connections: the last connection in one process need not be the last one.
 */
export class ServerProcesses1700000000012 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `CREATE TABLE server_process (
         id uuid PRIMARY KEY,
         role text NOT NULL,
         started_at timestamptz NOT NULL,
         seen_at timestamptz NOT NULL,
         notes jsonb NOT NULL
       ) WITH (fillfactor = 50)`,
    );
    await runner.query(`ALTER TABLE session ADD COLUMN connected_to uuid[] NOT NULL DEFAULT '{}'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE session DROP COLUMN connected_to');
    await runner.query('DROP TABLE server_process');
  }
}
