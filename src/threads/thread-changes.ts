import type { WireThread } from '@goldenpath/protocol';
import { Injectable } from '@nestjs/common';
import type { JsonObject } from '../context/json.js';
import { AppError } from '../errors/app-error.js';
import { EventLog } from '../events/event-log.js';
import { Database } from '../persistence/database.js';
import type { UserScope } from '../persistence/sql.js';
import { Cancellation } from '../runs/cancellation.js';
import { Clock } from '../telemetry/clock.js';
import { Ids, isId } from '../telemetry/ids.js';
import { threadNotFound } from './thread-not-found.js';
import { THREAD_COLUMNS, wireThread, type ThreadRow } from './thread-row.js';

/** What a user can change about threads. Throws thread_not_found for what is not there for the user. */
@Injectable()
export class ThreadChanges {
  constructor(
    private readonly database: Database,
    private readonly log: EventLog,
    private readonly cancellation: Cancellation,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  /** A new, empty thread. Without a title it stays unnamed until its first message. */
  async create(scope: UserScope, title = ''): Promise<WireThread> {
    const id = this.ids.next();
    const now = this.clock.now();
    await this.database.execute(
      `INSERT INTO thread (id, tenant_id, user_id, title, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $5)`,
      [id, scope.tenantId, scope.userId, title, now],
    );
    return wireThread({
      id,
      title,
      created_at: now,
      updated_at: now,
      last_seq: 0,
      message_count: 0,
      active_run_id: null,
    });
  }

  /** Renames, and says so in the thread's log. */
  rename(scope: UserScope, threadId: string, title: string): Promise<WireThread> {
    if (!isId(threadId)) return Promise.reject(threadNotFound());
    return this.log.transaction(async (transaction) => {
      const row = await transaction.row<ThreadRow>(
        `UPDATE thread t SET title = $4, updated_at = $5
         WHERE t.id = $1 AND t.tenant_id = $2 AND t.user_id = $3 AND t.deleted_at IS NULL
         RETURNING ${THREAD_COLUMNS}`,
        [threadId, scope.tenantId, scope.userId, title, this.clock.now()],
      );
      if (row === undefined) throw threadNotFound();
      // The row is locked: the event that tells of the thread is the one that makes its last_seq.
      const thread = wireThread({ ...row, last_seq: row.last_seq + 1 });
      await transaction.appendThreadEvent(scope, threadId, {
        type: 'thread_updated',
        fields: { thread: asJson(thread) },
      });
      return thread;
    });
  }

  /** Deletes for the user, and cancels what is still to be done in the thread. Uses thread_pkey and run_thread. */
  async remove(scope: UserScope, threadId: string): Promise<void> {
    if (!isId(threadId)) throw threadNotFound();
    const touched = await this.database.execute(
      `UPDATE thread SET deleted_at = $4, updated_at = $4
       WHERE id = $1 AND tenant_id = $2 AND user_id = $3 AND deleted_at IS NULL`,
      [threadId, scope.tenantId, scope.userId, this.clock.now()],
    );
    if (touched === 0) throw threadNotFound();
    const runs = await this.database.rows<{ id: string }>(
      `SELECT id FROM run WHERE thread_id = $1 AND tenant_id = $2 AND user_id = $3
       AND state IN ('pending','starting','running','completing') ORDER BY created_at DESC`,
      [threadId, scope.tenantId, scope.userId],
    );
    // The newest first, so that no waiting run is started only to be cancelled.
    for (const { id } of runs) await this.cancel(scope, id);
  }

  private async cancel(scope: UserScope, runId: string): Promise<void> {
    try {
      await this.cancellation.request(scope, runId, 'thread_deleted');
    } catch (error) {
      // It came to its end by itself in the meantime.
      if (!(error instanceof AppError && error.code === 'invalid_state')) throw error;
    }
  }
}

/** An interface has no index signature; its entries are JSON all the same. */
const asJson = (thread: WireThread): JsonObject => ({ ...thread });
