import { isJsonObject, type JsonObject } from '../context/json.js';
import { DIRECT_CALL } from '../tools/tool-call.js';
import type { Sql } from '../persistence/sql.js';
import type { RunRow } from './run-row.js';

/** An agent or tool call that the log shows as begun and not ended. */
export interface OpenAgent {
  readonly agent: string;
  readonly path: readonly string[];
}

export interface OpenToolCall {
  readonly toolCallId: string;
  readonly tool: string;
  readonly agent: string;
  readonly path: readonly string[];
  readonly parameters: JsonObject;
  readonly conversation: number;
}

/** What the log of a run shows. */
export interface RunTrace {
  readonly lastSeq: number;
  /** The highest attempt that began; 0 when none did. */
  readonly lastAttempt: number;
  /** Whether run_resumed of the epoch that the run is in now is in the log: nothing may announce it again. */
  readonly isAnnounced: boolean;
  /** Outermost first. */
  readonly openAgents: readonly OpenAgent[];
  readonly openToolCalls: readonly OpenToolCall[];
  /** The ids of all calls, in the order in which they began: their own ids tell it only as far as clocks agree. */
  readonly toolCallIds: readonly string[];
  /** Calls that an earlier take-over closed as of unknown outcome and that nobody has repeated since. */
  readonly doubtfulToolCalls: readonly OpenToolCall[];
}

/** Reads a run's events and finds what is open. Uses run_event_pkey from the run's first event on. */
export async function traceRun(sql: Sql, run: RunRow): Promise<RunTrace> {
  const rows = await sql.rows<{ seq: number; epoch: number; type: string; payload: string }>(
    `SELECT seq, epoch, type, payload FROM run_event WHERE thread_id = $1 AND seq >= $2 AND run_id = $3 ORDER BY seq`,
    [run.threadId, run.firstSeq, run.id],
  );
  const events = rows.map(({ payload }): unknown => JSON.parse(payload)).filter(isJsonObject);
  const open = new OpenParts();
  for (const event of events) open.take(event);
  return {
    lastSeq: rows.at(-1)?.seq ?? run.firstSeq,
    lastAttempt: open.lastAttempt,
    isAnnounced: rows.some(({ epoch, type }) => epoch === run.epoch && type === 'run_resumed'),
    openAgents: open.agents(),
    openToolCalls: open.toolCalls(),
    toolCallIds: open.toolCallIds,
    doubtfulToolCalls: open.doubtful(),
  };
}

class OpenParts {
  lastAttempt = 0;
  readonly toolCallIds: string[] = [];
  private readonly openAgents = new Map<string, OpenAgent>();
  private readonly openCalls = new Map<string, OpenToolCall>();
  private readonly doubtfulCalls = new Map<string, OpenToolCall>();

  take(event: JsonObject): void {
    const path = pathOf(event);
    const key = path.join('/');
    switch (text(event.type)) {
      case 'run_resumed':
        this.noteAttempt(event.attempt);
        return;
      case 'agent_started':
        this.noteAttempt(event.attempt);
        this.openAgents.set(key, { agent: text(event.agent), path });
        return;
      case 'agent_completed':
        this.openAgents.delete(key);
        return;
      case 'tool_executing':
        this.callBegan(event, path);
        return;
      case 'tool_completed':
        this.callEnded(event);
        return;
      default:
        return;
    }
  }

  agents(): OpenAgent[] {
    return [...this.openAgents.values()].sort((left, right) => left.path.length - right.path.length);
  }

  toolCalls(): OpenToolCall[] {
    return [...this.openCalls.values()];
  }

  doubtful(): OpenToolCall[] {
    return [...this.doubtfulCalls.values()];
  }

  private callBegan(event: JsonObject, path: readonly string[]): void {
    this.toolCallIds.push(text(event.tool_call_id));
    this.doubtfulCalls.delete(text(event.retry_of));
    this.openCalls.set(text(event.tool_call_id), {
      toolCallId: text(event.tool_call_id),
      tool: text(event.tool),
      agent: text(event.agent),
      path,
      parameters: isJsonObject(event.parameters) ? event.parameters : {},
      conversation: typeof event.conversation === 'number' ? event.conversation : DIRECT_CALL,
    });
  }

  private callEnded(event: JsonObject): void {
    const id = text(event.tool_call_id);
    const call = this.openCalls.get(id);
    this.openCalls.delete(id);
    if (call !== undefined && isJsonObject(event.error) && event.error.code === 'outcome_unknown')
      this.doubtfulCalls.set(id, call);
  }

  private noteAttempt(attempt: unknown): void {
    if (typeof attempt === 'number') this.lastAttempt = Math.max(this.lastAttempt, attempt);
  }
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

function pathOf(event: JsonObject): string[] {
  const path: unknown = event.agent_path;
  return Array.isArray(path) ? path.map(text) : [];
}
