import type { RunState, TerminalRunState } from '@goldenpath/protocol';
import { Injectable } from '@nestjs/common';
import { Configuration } from '../config/configuration.js';
import type { JsonObject } from '../context/json.js';
import { EventLog } from '../events/event-log.js';
import type { EventTransaction, TransactionEvent } from '../events/event-transaction.js';
import { LostRunError } from '../events/lost-run-error.js';
import { Metrics } from '../monitor/metrics.js';
import { Clock } from '../telemetry/clock.js';
import { Ids } from '../telemetry/ids.js';
import { answerIdOf } from './answer-id.js';
import { lockUser, promote, type Dispatch } from './promotion.js';
import { RunQueue } from './run-queue.js';
import type { RunRow } from './run-row.js';
import { statesBefore } from './run-state.js';

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
    const { isOver, othersWait } = await this.finish(transaction, run, ending);
    if (!isOver) throw new LostRunError(run.id);
    const events = ending.events.map((event) => ({ ...event, run: { runId: run.id, epoch: run.epoch } }));
    const seq = await transaction.appendEvents(run, run.threadId, events);
    if (seq === undefined) throw new LostRunError(run.id);
    const { concurrentRunsPerUser } = this.configuration.limits;
    return { seq, dispatches: othersWait ? await promote(transaction, run, concurrentRunsPerUser) : [] };
  }

  /** `othersWait`: whether the user has runs that may be promoted now. Uses run_unfinished. */
  private async finish(
    transaction: EventTransaction,
    run: RunRow,
    ending: Ending,
  ): Promise<{ isOver: boolean; othersWait: boolean }> {
    const row = await transaction.row<{ is_over: boolean; others_wait: boolean }>(FINISH, [
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
      run.userId,
      run.tenantId,
      this.ids.next(),
    ]);
    return { isOver: row?.is_over === true, othersWait: row?.others_wait === true };
  }
}

/** A run that completes passes through `completing` inside this one statement: nobody has to see it there, and a row is written once. */
const statesThatEndAs = (state: TerminalRunState): RunState[] =>
  state === 'completed' ? [...statesBefore('completing'), ...statesBefore(state)] : statesBefore(state);

const FINISH = `
  WITH over AS (
     UPDATE run SET state = $3, finished_at = $4, error = $5, usage = $6, owner = NULL, lease_until = NULL
     WHERE id = $1 AND epoch = $2 AND state = ANY($7::text[])
     RETURNING thread_id, user_id, tenant_id
   ), counted AS (
     UPDATE thread t SET message_count = t.message_count + 1, updated_at = $4 FROM over WHERE t.id = over.thread_id
     RETURNING t.id, t.message_count
   ), answered AS (
     INSERT INTO message (user_id, id, tenant_id, thread_id, position, role, text, run_id, status, report_id, created_at)
     -- A user who took the answer's id for a message gets the answer under another one.
     SELECT over.user_id, CASE WHEN EXISTS (SELECT 1 FROM message m WHERE m.user_id = $11 AND m.id = $8) THEN $13 ELSE $8 END, over.tenant_id, over.thread_id, counted.message_count, 'assistant', $9, $1, $3, $10, $4
     FROM over JOIN counted ON counted.id = over.thread_id
     RETURNING 1
   )
   SELECT EXISTS (SELECT 1 FROM answered) AS is_over, EXISTS (
     SELECT 1 FROM run WHERE user_id = $11 AND tenant_id = $12 AND state IN ('pending','starting','running','completing')
       AND NOT dispatched
   ) AS others_wait`;
