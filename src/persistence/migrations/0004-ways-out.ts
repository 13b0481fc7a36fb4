import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What the ways out of a run leave behind: sessions that any device can go on from, and who did what; besides, what users prefer, and their API keys. */
export class WaysOut1700000000004 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [...AUDIT, ...RECOVERY, ...ACCOUNT]) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['api_key', 'user_preference', 'session_position', 'audit_entry']) {
      await runner.query(`DROP TABLE ${table}`);
    }
    await runner.query('DROP FUNCTION refuse_audit_change()');
    await runner.query(
      'ALTER TABLE session DROP COLUMN follows_all, DROP COLUMN disconnected_at, DROP COLUMN recoverable_until',
    );
  }
}

const AUDIT = [
  // actor_id null: the server itself. Ids are in order of time.
  `CREATE TABLE audit_entry (
     id uuid PRIMARY KEY,
     created_at timestamptz NOT NULL,
     tenant_id uuid,
     actor_id uuid,
     action text NOT NULL,
     target_kind text NOT NULL,
     target_id text NOT NULL,
     details json NOT NULL
   )`,
  `CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS
   $$ BEGIN RAISE EXCEPTION 'audit entries are only ever added' USING ERRCODE = 'insufficient_privilege'; END $$`,
  `CREATE TRIGGER audit_entry_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entry
     FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change()`,
];

const RECOVERY = [
  `ALTER TABLE session ADD COLUMN follows_all boolean NOT NULL DEFAULT false, ADD COLUMN disconnected_at timestamptz,
     ADD COLUMN recoverable_until timestamptz`,
  // acked_seq null: followed, and nothing acknowledged yet.
  `CREATE TABLE session_position (
     session_id uuid NOT NULL REFERENCES session (id),
     thread_id uuid NOT NULL REFERENCES thread (id),
     acked_seq bigint,
     updated_at timestamptz NOT NULL,
     PRIMARY KEY (session_id, thread_id)
   ) WITH (fillfactor = 70)`,
];

const ACCOUNT = [
  `CREATE TABLE user_preference (
     user_id uuid PRIMARY KEY REFERENCES user_account (id),
     tenant_id uuid NOT NULL,
     language text,
     time_zone text,
     currency_display text,
     default_price_model text,
     notify_finished_runs boolean,
     updated_at timestamptz NOT NULL
   )`,
  // A key is a session that its hash opens: it is listed, ended and revoked like one.
  `CREATE TABLE api_key (
     session_id uuid PRIMARY KEY REFERENCES session (id),
     key_hash bytea NOT NULL UNIQUE,
     name text NOT NULL,
     hint text NOT NULL,
     allows_high_priority boolean NOT NULL DEFAULT false
   )`,
];
