import { Injectable } from '@nestjs/common';
import { isJsonObject, type JsonObject } from '../../context/json.js';
import { Database } from '../../persistence/database.js';
import type { UserScope } from '../../persistence/sql.js';
import { Clock } from '../../telemetry/clock.js';
import type { ToolRecord } from '../../tools/tool-call.js';
import { PriceBook } from '../prices/price-book.js';

/** What a run found: its agents' results by name, and its finished tool calls, oldest first. */
export interface KeptFindings {
  readonly findings: Readonly<Record<string, JsonObject>>;
  readonly toolResults: readonly Pick<ToolRecord, 'tool' | 'success' | 'result'>[];
}

interface ThreadScope extends UserScope {
  readonly threadId: string;
}

/**
 * Recommendations that a run computed, for later questions of the same user in the same thread. They hold as long as the tenant's usage and
 * prices are those that they rest on; after that they are not found any more.
 */
@Injectable()
export class Recommendations {
  constructor(
    private readonly database: Database,
    private readonly prices: PriceBook,
    private readonly clock: Clock,
  ) {}

  /** What recommendations of this tenant rest on now: another text as soon as an import or a change of prices has begun. */
  async basis({ tenantId }: UserScope): Promise<string> {
    const row = await this.database.row<{ usage: string; prices: string }>(BASIS, [tenantId]);
    return [row?.usage ?? '', row?.prices ?? '', this.prices.version].join(' | ');
  }

  /** Notes that a run has recommended something; `basis` is as it was when the run began. */
  async keep(scope: ThreadScope & { readonly runId: string }, basis: string): Promise<void> {
    await this.database.execute(
      `INSERT INTO recommendation (run_id, tenant_id, user_id, thread_id, basis, created_at) VALUES ($1, $2, $3, $4, $5, $6)
       ON CONFLICT (run_id) DO NOTHING`,
      [scope.runId, scope.tenantId, scope.userId, scope.threadId, basis, this.clock.now()],
    );
  }

  /** The run whose recommendations still hold: the thread's latest, if nothing that it rests on has changed. Uses recommendation_thread. */
  async current({ threadId, tenantId, userId }: ThreadScope, basis: string): Promise<string | undefined> {
    const latest = await this.database.row<{ run_id: string; basis: string }>(
      `SELECT run_id, basis FROM recommendation WHERE thread_id = $1 AND tenant_id = $2 AND user_id = $3
       ORDER BY created_at DESC LIMIT 1`,
      [threadId, tenantId, userId],
    );
    return latest?.basis === basis ? latest.run_id : undefined;
  }

  /** What that run found; nothing where the run is somebody else's. Uses agent_result_pkey and tool_call_run. */
  async findingsOf({ tenantId, userId }: UserScope, runId: string): Promise<KeptFindings> {
    const parameters = [runId, tenantId, userId];
    const results = await this.database.rows<{ agent: string; result: string }>(
      `SELECT agent, result FROM agent_result WHERE run_id = $1 AND tenant_id = $2 AND user_id = $3 AND status = 'completed'`,
      parameters,
    );
    const calls = await this.database.rows<{ tool: string; success: boolean; result: string | null }>(
      `SELECT tool, success, result FROM tool_call WHERE run_id = $1 AND tenant_id = $2 AND user_id = $3 ORDER BY created_at, id`,
      parameters,
    );
    return {
      findings: Object.fromEntries(results.map(({ agent, result }) => [agent, resultOf(JSON.parse(result))])),
      toolResults: calls.map(({ tool, success, result }) => ({
        ...{ tool, success },
        // Stored by this server, as an object.
        ...(result === null ? {} : { result: JSON.parse(result) as JsonObject }),
      })),
    };
  }
}

/** An agent's result is stored with its answer beside it. */
const resultOf = (stored: unknown): JsonObject =>
  isJsonObject(stored) && isJsonObject(stored['result']) ? stored['result'] : {};

const BASIS = `
  SELECT
    (SELECT concat_ws(' ', count(*), sum(accepted), sum(duplicates), max(created_at), max(finished_at), count(*) FILTER (WHERE finished_at IS NULL))
     FROM usage_import WHERE tenant_id = $1) AS usage,
    concat_ws(' ', (SELECT concat_ws(' ', count(*), max(updated_at)) FROM price_override WHERE tenant_id = $1),
      (SELECT concat_ws(' ', requested_at, finished_at) FROM price_recomputation WHERE tenant_id = $1)) AS prices`;
