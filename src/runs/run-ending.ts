import type { TerminalRunState } from '@goldenpath/protocol';
import { Injectable } from '@nestjs/common';
import { Configuration } from '../config/configuration.js';
import type { JsonObject } from '../context/json.js';
import { EventLog } from '../events/event-log.js';
import { appendStatement, type EventTransaction, type TransactionEvent } from '../events/event-transaction.js';
import { LostRunError } from '../events/lost-run-error.js';
import { Metrics } from '../monitor/metrics.js';
import type { SqlParameter } from '../persistence/sql.js';
import { Clock } from '../telemetry/clock.js';
import { Ids } from '../telemetry/ids.js';
import { answerIdOf } from './answer-id.js';
import { lockUser, promote, type Dispatch } from './promotion.js';
import { RunQueue } from './run-queue.js';
import type { RunRow } from './run-row.js';
import { statesThatEndAs } from './run-state.js';

/** How a run ends. */
export interface Ending {
  readonly state: TerminalRunState;
  /** Events to append, the final one last. */
  readonly events: readonly TransactionEvent[];
  readonly response: string;
  readonly reportId?: string | undefined;
  readonly error?: JsonObject | undefined;
  readonly usage?: JsonObject | undefined;
}

/**
 * Ends runs: final event, assistant message, state and the promotion of the next run are one transaction, so that no
 * crash leaves one without the others.
 */
@Injectable()
export class RunEnding {
  constructor(
    private readonly log: EventLog,
    private readonly queue: RunQueue,
    private readonly configuration: Configuration,
    private readonly clock: Clock,
    private readonly ids: Ids,
    private readonly metrics: Metrics,
  ) {}

  /** Resolves with the seq of the final event. Throws LostRunError when the run is not in the epoch or state it was seen in. */
  async end(run: RunRow, ending: Ending): Promise<number> {
    const { seq, dispatches } = await this.log.transaction((transaction) => this.write(transaction, run, ending));
    // By the clocks of two machines, which need not agree.
    this.metrics.runEnded(ending.state, Math.max(0, this.clock.now().getTime() - run.createdAt.getTime()));
    await this.queue.add(dispatches);
    return seq;
  }

  private async write(
    transaction: EventTransaction,
    run: RunRow,
    ending: Ending,
  ): Promise<{ seq: number; dispatches: Dispatch[] }> {
    await lockUser(transaction, run);
    const events = ending.events.map((event) => ({ ...event, run: { runId: run.id, epoch: run.epoch } }));
    const appended = await transaction.appendAlongside<{ others_wait: boolean }>(run, run.threadId, {
      events,
      statement: END,
      parameters: this.parameters(run, ending),
    });
    if (appended === undefined) throw new LostRunError(run.id);
    const { concurrentRunsPerUser } = this.configuration.limits;
    const dispatches = appended.others_wait ? await promote(transaction, run, concurrentRunsPerUser) : [];
    return { seq: appended.seq, dispatches };
  }

  private parameters(run: RunRow, ending: Ending): SqlParameter[] {
    return [
      run.id,
      run.epoch,
      ending.state,
      this.clock.now(),
      ending.error === undefined ? null : JSON.stringify(ending.error),
      ending.usage === undefined ? null : JSON.stringify(ending.usage),
      statesThatEndAs(ending.state),
      answerIdOf(run.id),
      ending.response,
      ending.reportId ?? null,
      this.ids.next(),
    ];
  }
}

/**
 * The run, then its thread and the answer, in the order of the locks; whether the user has runs that may be promoted now. A run ends, as it
 * begins, by the clock that all servers share. Uses run_unfinished.
 */
const END = appendStatement(
  `over AS (
    UPDATE run SET state = $11, finished_at = clock_timestamp(), error = $13, usage = $14, owner = NULL, lease_until = NULL
    WHERE id = $9 AND epoch = $10 AND state = ANY($15::text[]) AND thread_id = $1 AND tenant_id = $2 AND user_id = $3
    RETURNING thread_id
  ), touched AS (
    UPDATE thread t SET message_count = t.message_count + 1, last_seq = t.last_seq + cardinality($6::uuid[]), updated_at = $12
    FROM over WHERE t.id = over.thread_id AND t.tenant_id = $2 AND t.user_id = $3
    RETURNING t.id, t.message_count, t.last_seq - cardinality($6::uuid[]) AS base
  ), answered AS (
    INSERT INTO message (user_id, id, tenant_id, thread_id, position, role, text, run_id, status, report_id, created_at)
    -- A user who took the answer's id for a message gets the answer under another one.
    SELECT $3, CASE WHEN EXISTS (SELECT 1 FROM message m WHERE m.user_id = $3 AND m.id = $16) THEN $19 ELSE $16 END,
      $2, t.id, t.message_count, 'assistant', $17, $9, $11, $18, $12
    FROM touched t
  )`,
  `EXISTS (
    SELECT 1 FROM run WHERE user_id = $3 AND tenant_id = $2 AND state IN ('pending','starting','running','completing')
      AND NOT dispatched
  ) AS others_wait`,
);
