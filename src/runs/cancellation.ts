import type { RunState } from '@goldenpath/protocol';
import { Injectable } from '@nestjs/common';
import { AppError } from '../errors/app-error.js';
import { Database } from '../persistence/database.js';
import type { Sql, UserScope } from '../persistence/sql.js';
import { isId } from '../telemetry/ids.js';
import { LostRunError } from '../events/lost-run-error.js';
import { ThreadHub } from '../events/thread-hub.js';
import { OwnedRuns } from './owned-runs.js';
import { RunClosing } from './run-closing.js';
import { RUN_COLUMNS, runRow, type RunColumns } from './run-row.js';
import { assertTransition } from './run-state.js';

const INTERRUPTED = 'interrupted by a new message';

/** Cancels runs: one that waits ends at once, one at work is stopped by its owner, on whichever node it is. */
@Injectable()
export class Cancellation {
  constructor(
    private readonly database: Database,
    private readonly owned: OwnedRuns,
    private readonly closing: RunClosing,
    private readonly hub: ThreadHub,
  ) {}

  /** Resolves when the request is noted; the final event follows. Throws run_not_found, invalid_state (it is over). */
  async request(scope: UserScope, runId: string, reason: string): Promise<void> {
    const state = await this.note(scope, runId, reason);
    if (state !== 'pending') {
      this.stopOwner(runId, reason);
      return;
    }
    try {
      await this.endWaiting(runId, reason);
    } catch (error) {
      // A worker claimed it in between; it reads the request with its claim or its next renewal.
      if (!(error instanceof LostRunError)) throw error;
      this.stopOwner(runId, reason);
    }
  }

  /**
   * Notes in the admission's own transaction that what the thread has at work or waiting is to be cancelled: either the
   * message that interrupts is in and they are cancelled, or neither. Before the thread's row is locked. Answers their ids,
   * the newest first. Uses run_thread.
   */
  async noteInterrupted(sql: Sql, scope: UserScope, threadId: string): Promise<readonly string[]> {
    const rows = await sql.rows<{ id: string; first_seq: number }>(
      `UPDATE run SET cancel_requested_at = coalesce(cancel_requested_at, now()), cancel_reason = coalesce(cancel_reason, $4)
       WHERE thread_id = $1 AND tenant_id = $2 AND user_id = $3 AND state IN ('pending','starting','running','completing')
       RETURNING id, first_seq`,
      [threadId, scope.tenantId, scope.userId, INTERRUPTED],
    );
    return rows.sort((left, right) => right.first_seq - left.first_seq).map(({ id }) => id);
  }

  /** Stops what was noted, in that order, so that no waiting run is started only to be cancelled. */
  async stopInterrupted(scope: UserScope, runIds: readonly string[]): Promise<void> {
    for (const runId of runIds) {
      await this.request(scope, runId, INTERRUPTED).catch((error: unknown) => {
        if (!(error instanceof AppError && error.code === 'invalid_state')) throw error;
      });
    }
  }

  private stopOwner(runId: string, reason: string): void {
    this.owned.cancel(runId, reason);
    this.hub.announce({ kind: 'cancel', runId, reason });
  }

  /** A run that is over stays as it is. Uses run_pkey. */
  private async note(scope: UserScope, runId: string, reason: string): Promise<RunState> {
    if (!isId(runId)) throw notFound();
    const owned = [runId, scope.tenantId, scope.userId];
    const noted = await this.database.row<{ state: RunState }>(
      `UPDATE run SET cancel_requested_at = coalesce(cancel_requested_at, now()), cancel_reason = coalesce(cancel_reason, $4)
       WHERE id = $1 AND tenant_id = $2 AND user_id = $3 AND state IN ('pending','starting','running','completing')
       RETURNING state`,
      [...owned, reason],
    );
    if (noted !== undefined) return noted.state;
    const over = await this.database.row<{ state: RunState }>(
      `SELECT state FROM run WHERE id = $1 AND tenant_id = $2 AND user_id = $3`,
      owned,
    );
    if (over === undefined) throw notFound();
    assertTransition(over.state, 'cancelled');
    return over.state;
  }

  private async endWaiting(runId: string, reason: string): Promise<void> {
    const columns = await this.database.row<RunColumns>(`SELECT ${RUN_COLUMNS} FROM run r WHERE r.id = $1`, [runId]);
    if (columns === undefined || columns.state !== 'pending') throw new LostRunError(runId);
    await this.closing.close(runRow(columns), {
      state: 'cancelled',
      response: 'The run was cancelled before it began.',
      reason,
    });
  }
}

const notFound = (): AppError => new AppError('run_not_found', 'There is no such run.');
