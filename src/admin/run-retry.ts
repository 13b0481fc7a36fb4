import type { RunState } from '@goldenpath/protocol';
import { Injectable } from '@nestjs/common';
import { rolesOf } from '../auth/identity.js';
import { AppError } from '../errors/app-error.js';
import { Database } from '../persistence/database.js';
import { Admission } from '../runs/admission.js';
import { RUN_COLUMNS, runRow, type RunColumns, type RunRow } from '../runs/run-row.js';
import { Clock } from '../telemetry/clock.js';
import { Ids, isId } from '../telemetry/ids.js';

export interface RetriedRun {
  readonly thread_id: string;
  readonly message_id: string;
  readonly run_id: string;
  readonly state: RunState;
  /** The run had been retried before: this is that retry. */
  readonly duplicate: boolean;
}

const RETRIED: readonly RunState[] = ['dead', 'failed', 'timeout'];

/** Dead letters: a terminal run stays as it is; its question is asked again in its thread, once, as a run of its user. */
@Injectable()
export class RunRetry {
  constructor(
    private readonly database: Database,
    private readonly admission: Admission,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  /** Throws run_not_found, invalid_state (it is not over, or ended well), and what an admission throws. */
  async retry(runId: string): Promise<RetriedRun> {
    const { run, roles } = await this.find(runId);
    if (!RETRIED.includes(run.state)) {
      throw new AppError('invalid_state', `Only a run that is ${RETRIED.join(', ')} can be retried.`, {
        details: { state: run.state },
      });
    }
    const { tenantId, userId, sessionId, threadId, query: text, agent, metadata } = run;
    const identity = { tenantId, userId, sessionId, roles: rolesOf(roles), expiresAt: this.clock.now() };
    const accepted = await this.admission.submit(identity, {
      ...{ text, threadId, agent, metadata },
      messageId: `retry-${run.id}`,
      requestId: this.ids.next(),
    });
    const { messageId, state, duplicate } = accepted;
    return { thread_id: accepted.threadId, message_id: messageId, run_id: accepted.runId, state, duplicate };
  }

  /** Uses run_pkey and user_account_pkey. */
  private async find(runId: string): Promise<{ run: RunRow; roles: string[] }> {
    const row = isId(runId)
      ? await this.database.row<RunColumns & { roles: string[] }>(
          `SELECT ${RUN_COLUMNS}, u.roles FROM run r JOIN user_account u ON u.id = r.user_id WHERE r.id = $1`,
          [runId],
        )
      : undefined;
    if (row === undefined) throw new AppError('run_not_found', 'There is no such run.');
    return { run: runRow(row), roles: row.roles };
  }
}
