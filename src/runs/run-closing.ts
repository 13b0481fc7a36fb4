import type { ErrorCode, TerminalRunState } from '@goldenpath/protocol';
import { Injectable } from '@nestjs/common';
import type { JsonObject } from '../context/json.js';
import type { TransactionEvent } from '../events/event-transaction.js';
import { Database } from '../persistence/database.js';
import { openCallsClosed } from './open-calls-closed.js';
import { RunEnding } from './run-ending.js';
import { traceRun, type RunTrace } from './run-log.js';
import type { RunRow } from './run-row.js';

/** How a run is closed by somebody who does not execute it. */
export interface Closing {
  /** completed: answered without its engine. */
  readonly state: TerminalRunState;
  /** The answer that the user gets. */
  readonly response: string;
  /** A true sentence for agent_thinking, where the root has not even begun. */
  readonly reason: string;
  readonly result?: JsonObject;
  readonly error?: {
    readonly code: ErrorCode;
    readonly message: string;
    readonly errorId: string;
    readonly retryable: boolean;
  };
}

const ROOT = { agent: 'supervisor', agent_path: ['supervisor'] } as const;
const NOTHING_USED = { input_tokens: 0, output_tokens: 0, cost_usd: '0.000000000', model: 'planner' };

/**
 * Ends a run without its engine: cancelled while it waited, dead after too many attempts, an engine that can't be
 * made, agents that are not ready.
 * Closes what the log shows as open, innermost first, so that the grammar holds and no client stays "thinking".
 */
@Injectable()
export class RunClosing {
  constructor(
    private readonly database: Database,
    private readonly ending: RunEnding,
  ) {}

  /** Throws LostRunError when the run is not in the epoch it was seen in, or over. */
  async close(run: RunRow, closing: Closing): Promise<void> {
    const trace = await traceRun(this.database, run);
    const error = closing.error === undefined ? undefined : errorFields(closing.error);
    const final: JsonObject = {
      ...ROOT,
      status: closing.state,
      result: error === undefined ? (closing.result ?? {}) : { error },
      execution_time_ms: 0,
      final: true,
      response: closing.response,
      usage: NOTHING_USED,
      ...(closing.state === 'cancelled' ? { stopped: { tools: [], agents: [] } } : {}),
      ...(error === undefined ? {} : { error }),
    };
    const events = [...begunAgain(run, trace, closing), ...agentsEnded(trace, closing)];
    await this.ending.end(run, {
      state: closing.state,
      events: [...events, { type: 'agent_completed', fields: final }].map((event) => ofRun(run, event)),
      response: closing.response,
      error,
      usage: NOTHING_USED,
    });
  }
}

const ofRun = (run: RunRow, event: TransactionEvent): TransactionEvent => ({
  ...event,
  fields: { run_id: run.id, ...event.fields },
});

const errorFields = ({ code, message, errorId }: NonNullable<Closing['error']>): JsonObject => ({
  code,
  message,
  error_id: errorId,
});

/**
 * run_resumed, unless this attempt has told it already, and every open agent started again, as after any take-over: what
 * is closed must have been begun.
 */
function begunAgain(run: RunRow, trace: RunTrace, closing: Closing): TransactionEvent[] {
  const attempt = trace.isAnnounced ? trace.lastAttempt : trace.lastAttempt + 1;
  const agents = trace.openAgents.length > 0 ? trace.openAgents : [{ agent: ROOT.agent, path: ROOT.agent_path }];
  const resumed = { attempt, reason: closing.reason, after_seq: trace.lastSeq };
  const started = agents.flatMap(({ agent, path }): TransactionEvent[] => {
    const place = { agent, agent_path: path };
    return [
      { type: 'agent_started', fields: { ...place, query: run.query, attempt, pipeline_version: 'none' } },
      { type: 'agent_thinking', fields: { ...place, step: 1, reasoning: closing.reason } },
    ];
  });
  const isToldNow = trace.lastAttempt > 0 && !trace.isAnnounced;
  return [
    ...(isToldNow ? [{ type: 'run_resumed', fields: resumed }] : []),
    ...openCallsClosed(trace.openToolCalls),
    ...started,
  ];
}

/** The agents below the root end, innermost first; then comes the root's error, if there is one. */
function agentsEnded(trace: RunTrace, closing: Closing): TransactionEvent[] {
  const status = closing.state === 'completed' ? 'cancelled' : closing.state;
  const inner = trace.openAgents.filter(({ path }) => path.length > 1).reverse();
  const ended = inner.map(({ agent, path }): TransactionEvent => ({
    type: 'agent_completed',
    // None of them has finished anything, even where the run is answered.
    fields: { agent, agent_path: path, status, result: {}, execution_time_ms: 0 },
  }));
  if (closing.error === undefined) return ended;
  const { code, message, errorId, retryable } = closing.error;
  return [...ended, { type: 'agent_error', fields: { ...ROOT, code, message, error_id: errorId, retryable } }];
}
