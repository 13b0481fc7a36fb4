import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What was sent to each connection of a run's user, and what it acknowledged. Written behind; old rows are pruned. */
export class DeliveryLedger1700000000003 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of STATEMENTS) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE run_delivery');
  }
}

const STATEMENTS = [
  `CREATE TABLE run_delivery (
     run_id uuid NOT NULL,
     connection_id uuid NOT NULL,
     tenant_id uuid NOT NULL,
     user_id uuid NOT NULL,
     thread_id uuid NOT NULL,
     door text NOT NULL CHECK (door IN ('socket', 'stream')),
     first_seq bigint,
     sent_seq bigint,
     sent_count integer NOT NULL DEFAULT 0,
     first_sent_at timestamptz,
     last_sent_at timestamptz,
     acked_seq bigint,
     acked_count integer NOT NULL DEFAULT 0,
     acked_at timestamptz,
     catch_ups integer NOT NULL DEFAULT 0,
     failed_seq bigint,
     failed_count integer NOT NULL DEFAULT 0,
     last_error text,
     last_error_at timestamptz,
     stalled_since timestamptz,
     closed_at timestamptz,
     created_at timestamptz NOT NULL,
     PRIMARY KEY (run_id, connection_id)
   ) WITH (fillfactor = 70)`,
  `CREATE INDEX run_delivery_open ON run_delivery (connection_id) WHERE closed_at IS NULL`,
  `CREATE INDEX run_delivery_thread ON run_delivery (thread_id)`,
  `CREATE INDEX run_delivery_created ON run_delivery (created_at)`,
];
