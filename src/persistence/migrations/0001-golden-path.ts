import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The tables of the golden path: who (tenant to ws_ticket), what was said and done (thread to run_event), what is analysed (usage, report). */
export class GoldenPath1700000000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [...IDENTITY, ...CONVERSATION, ...EVENTS, ...ANALYSIS]) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of TABLES_NEWEST_FIRST) await runner.query(`DROP TABLE ${table}`);
  }
}

const TABLES_NEWEST_FIRST = [
  'error_report',
  'report',
  'usage_event',
  'usage_import',
  'run_event',
  'tool_call',
  'agent_result',
  'run',
  'message',
  'thread',
  'ws_ticket',
  'refresh_token',
  'session',
  'user_account',
  'tenant',
  'installation',
];

const IDENTITY = [
  `CREATE TABLE installation (
     id smallint PRIMARY KEY DEFAULT 1 CHECK (id = 1),
     log_id uuid NOT NULL
   )`,
  `CREATE TABLE tenant (
     id uuid PRIMARY KEY,
     name text NOT NULL,
     created_at timestamptz NOT NULL
   )`,
  `CREATE TABLE user_account (
     id uuid PRIMARY KEY,
     tenant_id uuid NOT NULL REFERENCES tenant (id),
     email text NOT NULL,
     name text,
     password_hash text,
     roles text[] NOT NULL,
     failed_logins integer NOT NULL DEFAULT 0,
     locked_until timestamptz,
     disabled_at timestamptz,
     created_at timestamptz NOT NULL
   )`,
  `CREATE UNIQUE INDEX user_account_email ON user_account (lower(email))`,
  `CREATE INDEX user_account_tenant ON user_account (tenant_id)`,
  `CREATE TABLE session (
     id uuid PRIMARY KEY,
     tenant_id uuid NOT NULL,
     user_id uuid NOT NULL REFERENCES user_account (id),
     user_agent text,
     created_at timestamptz NOT NULL,
     last_used_at timestamptz NOT NULL,
     expires_at timestamptz NOT NULL,
     revoked_at timestamptz,
     revoked_reason text
   )`,
  `CREATE INDEX session_user_id ON session (user_id)`,
  `CREATE TABLE refresh_token (
     token_hash bytea PRIMARY KEY,
     session_id uuid NOT NULL REFERENCES session (id),
     created_at timestamptz NOT NULL,
     expires_at timestamptz NOT NULL,
     used_at timestamptz
   )`,
  `CREATE INDEX refresh_token_session ON refresh_token (session_id)`,
  `CREATE TABLE ws_ticket (
     ticket_hash bytea PRIMARY KEY,
     session_id uuid NOT NULL REFERENCES session (id),
     tenant_id uuid NOT NULL,
     user_id uuid NOT NULL,
     expires_at timestamptz NOT NULL
   )`,
];

const CONVERSATION = [
  `CREATE TABLE thread (
     id uuid PRIMARY KEY,
     tenant_id uuid NOT NULL,
     user_id uuid NOT NULL REFERENCES user_account (id),
     title text NOT NULL,
     last_seq bigint NOT NULL DEFAULT 0,
     message_count integer NOT NULL DEFAULT 0,
     created_at timestamptz NOT NULL,
     updated_at timestamptz NOT NULL,
     deleted_at timestamptz
   ) WITH (fillfactor = 70)`,
  `CREATE INDEX thread_user ON thread (user_id, created_at DESC, id DESC)`,
  // message.id is the client's own message_id where it chose one, hence text and unique per user.
  `CREATE TABLE message (
     user_id uuid NOT NULL,
     id text NOT NULL,
     tenant_id uuid NOT NULL,
     thread_id uuid NOT NULL REFERENCES thread (id),
     position integer NOT NULL,
     role text NOT NULL CHECK (role IN ('user', 'assistant')),
     text text NOT NULL,
     run_id uuid,
     status text,
     report_id uuid,
     created_at timestamptz NOT NULL,
     PRIMARY KEY (user_id, id)
   )`,
  `CREATE UNIQUE INDEX message_thread ON message (thread_id, position)`,
  `CREATE TABLE run (
     id uuid PRIMARY KEY,
     tenant_id uuid NOT NULL,
     user_id uuid NOT NULL REFERENCES user_account (id),
     thread_id uuid NOT NULL REFERENCES thread (id),
     message_id text NOT NULL,
     session_id uuid NOT NULL,
     request_id text NOT NULL,
     connection_id text,
     query text NOT NULL,
     agent text,
     metadata json,
     priority smallint NOT NULL DEFAULT 1,
     state text NOT NULL CHECK (state IN
       ('pending','starting','running','completing','completed','failed','timeout','dead','cancelled')),
     dispatched boolean NOT NULL DEFAULT false,
     epoch integer NOT NULL DEFAULT 0,
     crashes integer NOT NULL DEFAULT 0,
     attempt integer NOT NULL DEFAULT 0,
     owner text,
     lease_until timestamptz,
     first_seq bigint NOT NULL,
     pipeline_version text,
     cancel_requested_at timestamptz,
     cancel_reason text,
     error json,
     usage json,
     created_at timestamptz NOT NULL,
     started_at timestamptz,
     finished_at timestamptz,
     UNIQUE (user_id, message_id)
   ) WITH (fillfactor = 70)`,
  // One live run per thread is a fact of the database, not a lock in somebody's memory.
  `CREATE UNIQUE INDEX run_one_live_per_thread ON run (thread_id) WHERE state IN ('starting','running','completing')`,
  `CREATE INDEX run_unfinished ON run (user_id, created_at)
     WHERE state IN ('pending','starting','running','completing')`,
  `CREATE INDEX run_thread ON run (thread_id, created_at)`,
];

const EVENTS = [
  `CREATE TABLE agent_result (
     run_id uuid NOT NULL REFERENCES run (id),
     path text NOT NULL,
     tenant_id uuid NOT NULL,
     user_id uuid NOT NULL,
     agent text NOT NULL,
     status text NOT NULL,
     result json NOT NULL,
     attempt integer NOT NULL,
     execution_time_ms integer NOT NULL,
     created_at timestamptz NOT NULL,
     PRIMARY KEY (run_id, path)
   )`,
  `CREATE TABLE tool_call (
     id uuid PRIMARY KEY,
     run_id uuid NOT NULL REFERENCES run (id),
     tenant_id uuid NOT NULL,
     user_id uuid NOT NULL,
     path text NOT NULL,
     tool text NOT NULL,
     conversation smallint NOT NULL,
     parameters json NOT NULL,
     success boolean NOT NULL,
     result json,
     error json,
     retry_of uuid,
     execution_time_ms integer NOT NULL,
     created_at timestamptz NOT NULL
   )`,
  `CREATE INDEX tool_call_run ON tool_call (run_id)`,
  // payload is json, not jsonb: jsonb reorders keys, rewrites numbers and refuses \\u0000, and clients see the stored text.
  `CREATE TABLE run_event (
     thread_id uuid NOT NULL,
     seq bigint NOT NULL,
     run_id uuid,
     epoch integer,
     event_id uuid NOT NULL,
     type text NOT NULL,
     payload json NOT NULL,
     created_at timestamptz NOT NULL DEFAULT now(),
     PRIMARY KEY (thread_id, seq)
   )`,
];

const ANALYSIS = [
  `CREATE TABLE usage_import (
     id uuid PRIMARY KEY,
     tenant_id uuid NOT NULL REFERENCES tenant (id),
     user_id uuid NOT NULL,
     format text NOT NULL,
     status text NOT NULL CHECK (status IN ('running','completed','failed')),
     price_as text,
     synthetic boolean NOT NULL DEFAULT false,
     label text,
     accepted integer NOT NULL DEFAULT 0,
     duplicates integer NOT NULL DEFAULT 0,
     rejected integer NOT NULL DEFAULT 0,
     reject_samples json NOT NULL DEFAULT '[]',
     ts_from timestamptz,
     ts_to timestamptz,
     cost_reported bigint,
     cost_computed bigint,
     error json,
     created_at timestamptz NOT NULL,
     finished_at timestamptz
   )`,
  `CREATE INDEX usage_import_tenant ON usage_import (tenant_id, created_at DESC)`,
  // Costs are integer nano-USD; a null cost_computed with price_status 'unpriced' is unknown, never zero.
  `CREATE TABLE usage_event (
     tenant_id uuid NOT NULL,
     source text NOT NULL,
     source_row_id text NOT NULL,
     import_id uuid NOT NULL REFERENCES usage_import (id),
     row_kind text NOT NULL CHECK (row_kind IN ('request','bucket')),
     ts_start timestamptz NOT NULL,
     ts_end timestamptz,
     provider text,
     model_raw text,
     model_id text,
     operation text,
     input_total bigint NOT NULL,
     input_uncached bigint NOT NULL,
     cache_read bigint NOT NULL DEFAULT 0,
     cache_write_5m bigint NOT NULL DEFAULT 0,
     cache_write_1h bigint NOT NULL DEFAULT 0,
     output_total bigint NOT NULL,
     reasoning bigint,
     requests bigint,
     status text NOT NULL CHECK (status IN ('ok','error','cached','aborted')),
     error_type text,
     latency_ms integer,
     ttft_ms integer,
     stream boolean,
     finish_reason text,
     is_batch boolean,
     service_tier text,
     team text,
     project text,
     feature text,
     user_hash text,
     api_key_ref text,
     session_id text,
     trace_id text,
     prompt_hash text,
     prefix_hash text,
     tags jsonb,
     cost_reported bigint,
     cost_computed bigint,
     price_version text,
     price_status text NOT NULL,
     PRIMARY KEY (tenant_id, source, source_row_id),
     CHECK (input_total = input_uncached + cache_read + cache_write_5m + cache_write_1h)
   )`,
  `CREATE INDEX usage_event_time ON usage_event (tenant_id, ts_start)`,
  `CREATE TABLE report (
     id uuid PRIMARY KEY,
     tenant_id uuid NOT NULL,
     user_id uuid NOT NULL,
     thread_id uuid NOT NULL REFERENCES thread (id),
     run_id uuid NOT NULL UNIQUE REFERENCES run (id),
     title text NOT NULL,
     markdown text NOT NULL,
     facts json NOT NULL,
     created_at timestamptz NOT NULL
   )`,
  `CREATE TABLE error_report (
     id uuid PRIMARY KEY,
     tenant_id uuid,
     user_id uuid,
     run_id uuid,
     code text NOT NULL,
     step text,
     stack text,
     versions json NOT NULL,
     created_at timestamptz NOT NULL
   )`,
];
