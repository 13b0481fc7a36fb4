import type { RunState } from '@goldenpath/protocol';
import { Injectable } from '@nestjs/common';
import type { JsonObject } from '../context/json.js';
import { AppError } from '../errors/app-error.js';
import { Database } from '../persistence/database.js';
import type { UserScope } from '../persistence/sql.js';
import { isId } from '../telemetry/ids.js';

/** A run as REST shows it. */
export interface WireRun {
  readonly id: string;
  readonly thread_id: string;
  readonly message_id: string;
  readonly status: RunState;
  readonly attempt: number;
  readonly cancel_requested: boolean;
  readonly created_at: string;
  readonly started_at: string | null;
  readonly finished_at: string | null;
  readonly steps: readonly {
    readonly agent: string;
    readonly path: string;
    readonly status: string;
    readonly execution_time_ms: number;
  }[];
  readonly usage: JsonObject | null;
  readonly error: JsonObject | null;
}

/** What a user can ask about runs. */
@Injectable()
export class RunQueries {
  constructor(private readonly database: Database) {}

  /** Throws run_not_found, the same for an unknown and a foreign run. Steps in the order in which they were completed. Uses run_pkey, agent_result_pkey, run_event_pkey. */
  async get(scope: UserScope, runId: string): Promise<WireRun> {
    const row = isId(runId)
      ? await this.database.row<WireRunColumns>(
          `SELECT r.id, r.thread_id, r.message_id, r.state, r.attempt, r.cancel_requested_at IS NOT NULL AS cancel_requested,
                  r.created_at, r.started_at, r.finished_at, r.usage, r.error
           FROM run r WHERE r.id = $1 AND r.tenant_id = $2 AND r.user_id = $3`,
          [runId, scope.tenantId, scope.userId],
        )
      : undefined;
    if (row === undefined) throw new AppError('run_not_found', 'There is no such run.');
    const steps = await this.database.rows<WireRun['steps'][number]>(
      `SELECT a.agent, a.path, a.status, a.execution_time_ms FROM agent_result a
       LEFT JOIN run_event e ON e.thread_id = $3 AND e.run_id = a.run_id AND e.type = 'agent_completed' 
         AND (e.payload -> 'agent_path')::jsonb = to_jsonb(string_to_array(a.path, '/'))
       WHERE a.run_id = $1 AND a.user_id = $2
       GROUP BY a.run_id, a.path ORDER BY max(e.seq) NULLS LAST, a.created_at, a.path`,
      [runId, scope.userId, row.thread_id],
    );
    return wireRun(row, steps);
  }
}

interface WireRunColumns {
  id: string;
  thread_id: string;
  message_id: string;
  state: RunState;
  attempt: number;
  cancel_requested: boolean;
  created_at: Date;
  started_at: Date | null;
  finished_at: Date | null;
  usage: string | null;
  error: string | null;
}

const wireRun = ({ state, ...row }: WireRunColumns, steps: WireRun['steps']): WireRun => ({
  ...row,
  status: state,
  created_at: row.created_at.toISOString(),
  started_at: row.started_at?.toISOString() ?? null,
  finished_at: row.finished_at?.toISOString() ?? null,
  steps,
  // Objects that the run layer itself stored.
  usage: row.usage === null ? null : (JSON.parse(row.usage) as JsonObject),
  error: row.error === null ? null : (JSON.parse(row.error) as JsonObject),
});
