import { Injectable } from '@nestjs/common';
import type { DelegateOutcome } from '../agents/agent-task.js';
import { EMPTY_JOURNAL, type RunJournal } from '../agents/run-journal.js';
import { isJsonObject, type JsonObject } from '../context/json.js';
import { EventLog } from '../events/event-log.js';
import { LostRunError } from '../events/lost-run-error.js';
import { Database } from '../persistence/database.js';
import type { ToolError, ToolRecord } from '../tools/tool-call.js';
import { openCallsClosed } from './open-calls-closed.js';
import { traceRun, type RunTrace } from './run-log.js';
import type { RunRow } from './run-row.js';

/** Where an attempt begins: which one it is, and what the earlier ones left. */
export interface Resumption {
  readonly attempt: number;
  readonly journal: RunJournal;
}

/**
 * Lets a run go on where its log ends: tells that it was resumed, closes the calls that were left open, and gives the
 * new attempt what was finished. The event log is the checkpoint.
 */
@Injectable()
export class RunRecovery {
  constructor(
    private readonly database: Database,
    private readonly log: EventLog,
  ) {}

  /** For a run that was claimed before. A run whose earlier attempts wrote nothing simply begins. */
  async resume(run: RunRow): Promise<Resumption> {
    const trace = await traceRun(this.database, run);
    if (trace.lastAttempt === 0) return { attempt: 1, journal: EMPTY_JOURNAL };
    const attempt = trace.lastAttempt + 1;
    await this.announce(run, trace, attempt);
    return { attempt, journal: await this.journal(run, trace) };
  }

  /** In one transaction behind the fence: the run's row is shared first, then the thread's is locked. */
  private async announce(run: RunRow, trace: RunTrace, attempt: number): Promise<void> {
    const reason = run.crashes > 0 ? 'The worker of the run was lost.' : 'The run was handed over.';
    const events = [
      { type: 'run_resumed', fields: { attempt, reason, after_seq: trace.lastSeq } },
      ...openCallsClosed(trace.openToolCalls),
    ];
    await this.log.transaction(async (transaction) => {
      const owned = await transaction.execute(`SELECT 1 FROM run WHERE id = $1 AND epoch = $2 FOR SHARE`, [
        run.id,
        run.epoch,
      ]);
      if (owned === 0) throw new LostRunError(run.id);
      await transaction.appendEvents(
        run,
        run.threadId,
        events.map(({ type, fields }) => ({
          type,
          fields: { run_id: run.id, ...fields },
          run: { runId: run.id, epoch: run.epoch },
        })),
      );
    });
  }

  private async journal(run: RunRow, trace: RunTrace): Promise<RunJournal> {
    const ended = await this.endedAgents(run);
    // Only a run that goes on is resumed: what was cancelled in it was given up.
    const [givenUp, completed] = [ended.filter(isGivenUp), ended.filter((agent) => !isGivenUp(agent))];
    return {
      completedAgents: new Map(
        completed.map(({ path, agent, status, result }) => [path, { agent, outcome: outcomeOf(status, result) }]),
      ),
      givenUp: new Set(givenUp.map(({ path }) => path)),
      openAgents: trace.openAgents.map(({ path }) => path.join('/')),
      toolCalls: inOrder(await this.finishedCalls(run), trace.toolCallIds),
      inDoubt: [...trace.doubtfulToolCalls, ...trace.openToolCalls].map(({ path, ...call }) => ({
        ...call,
        agentPath: path.join('/'),
      })),
    };
  }

  /** Uses agent_result_pkey. */
  private endedAgents(run: RunRow): Promise<AgentResultColumns[]> {
    return this.database.rows<AgentResultColumns>(
      `SELECT path, agent, status, result FROM agent_result WHERE run_id = $1 AND tenant_id = $2 AND user_id = $3 ORDER BY created_at, path`,
      [run.id, run.tenantId, run.userId],
    );
  }

  /** Uses tool_call_run. */
  private async finishedCalls(run: RunRow): Promise<ToolRecord[]> {
    const rows = await this.database.rows<ToolCallColumns>(
      `SELECT id, path, tool, conversation, parameters, success, result, error FROM tool_call
       WHERE run_id = $1 AND tenant_id = $2 AND user_id = $3`,
      [run.id, run.tenantId, run.userId],
    );
    return rows.map((row) => ({
      toolCallId: row.id,
      agentPath: row.path,
      tool: row.tool,
      conversation: row.conversation,
      parameters: decode(row.parameters),
      success: row.success,
      result: row.result === null ? undefined : decode(row.result),
      // Written by the tool interceptor with exactly these fields.
      error: row.error === null ? undefined : (JSON.parse(row.error) as ToolError),
    }));
  }
}

/** In the order of the log. */
function inOrder(calls: readonly ToolRecord[], ids: readonly string[]): ToolRecord[] {
  const places = new Map(ids.map((id, place) => [id, place]));
  const placeOf = ({ toolCallId }: ToolRecord): number => places.get(toolCallId) ?? ids.length;
  return [...calls].sort((left, right) => placeOf(left) - placeOf(right));
}

interface AgentResultColumns {
  path: string;
  agent: string;
  status: string;
  result: string;
}

const isGivenUp = ({ status }: AgentResultColumns): boolean => status === 'cancelled';

interface ToolCallColumns {
  id: string;
  path: string;
  tool: string;
  conversation: number;
  parameters: string;
  success: boolean;
  result: string | null;
  error: string | null;
}

/** The checkpoint as the agent interceptor wrote it. */
function outcomeOf(status: string, text: string): DelegateOutcome {
  const { result, response, reportId } = decode(text);
  return {
    status: status === 'completed' || status === 'timeout' ? status : 'failed',
    result: isJsonObject(result) ? result : {},
    response: typeof response === 'string' ? response : undefined,
    reportId: typeof reportId === 'string' ? reportId : undefined,
  };
}

function decode(text: string): JsonObject {
  const value: unknown = JSON.parse(text);
  return isJsonObject(value) ? value : {};
}
