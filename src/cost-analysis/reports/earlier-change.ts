import { Injectable } from '@nestjs/common';
import { isJsonObject } from '../../context/json.js';
import { Database } from '../../persistence/database.js';
import type { UserScope } from '../../persistence/sql.js';
import type { ExplainedChange } from '../agents/found-change.js';

interface RunScope extends UserScope {
  readonly threadId: string;
  readonly runId: string;
}

/** The change that the thread's latest answer explained: "what can we do about it?" is about that one. */
@Injectable()
export class EarlierChange {
  constructor(private readonly database: Database) {}

  /** Undefined when the latest answer before this run explained none, or was about costs as a whole: that has steps of its own. */
  async before({ threadId, tenantId, userId, runId }: RunScope): Promise<ExplainedChange | undefined> {
    const row = await this.database.row<{ parameters: string; result: string; triage: string | null }>(EXPLAINED, [
      threadId,
      tenantId,
      userId,
      runId,
    ]);
    if (row === undefined || isOverview(row.triage)) return undefined;
    const parameters: unknown = JSON.parse(row.parameters);
    const result: unknown = JSON.parse(row.result);
    return isJsonObject(parameters) && isJsonObject(result) ? { parameters, result } : undefined;
  }
}

function isOverview(triage: string | null): boolean {
  const stored: unknown = triage === null ? undefined : JSON.parse(triage);
  const found = isJsonObject(stored) ? stored['result'] : undefined;
  return isJsonObject(found) && found['intent'] === 'overview';
}

/** Uses run_thread, report_run_id_key, agent_result_pkey and tool_call_run. Courtesies and unrelated questions have no report: they lie in between without a meaning. */
const EXPLAINED = `
  SELECT parameters, result,
    (SELECT agent_result.result FROM agent_result WHERE agent_result.run_id = tool_call.run_id AND agent_result.agent = 'triage' LIMIT 1) AS triage
  FROM tool_call
  WHERE tenant_id = $2 AND user_id = $3 AND tool = 'explain_change' AND success AND run_id = (
    SELECT run.id FROM run JOIN report ON report.run_id = run.id
    WHERE run.thread_id = $1 AND run.tenant_id = $2 AND run.user_id = $3 AND run.id <> $4
    ORDER BY run.created_at DESC LIMIT 1)
  ORDER BY created_at DESC LIMIT 1`;
