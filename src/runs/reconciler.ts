import { Injectable } from '@nestjs/common';
import { Configuration } from '../config/configuration.js';
import { EventLog } from '../events/event-log.js';
import { Database } from '../persistence/database.js';
import { Logger } from '../telemetry/logger.js';
import { OwnedRuns } from './owned-runs.js';
import { lockUser, promote } from './promotion.js';
import { RUNS_AT_ONCE, RunQueue } from './run-queue.js';
import { RunWorker } from './run-worker.js';

/** A part of what a take-over takes; the rest is the lease that has to run out. */
const INTERVAL_MS = 500;
const USERS_MAX = 500;

/**
 * Puts right what a crash left between a commit and the queue. Runs that nobody works on are taken by this worker itself,
 * as long as it has room: the queue may have lost their jobs, or hold them back for as long as the clock of the server that
 * had them was ahead. Runs that wait for nobody are promoted.
 */
@Injectable()
export class Reconciler {
  private timer: NodeJS.Timeout | undefined;
  private round: Promise<void> | undefined;
  private readonly taken = new Set<string>();

  constructor(
    private readonly database: Database,
    private readonly log: EventLog,
    private readonly queue: RunQueue,
    private readonly worker: RunWorker,
    private readonly owned: OwnedRuns,
    private readonly configuration: Configuration,
    private readonly logger: Logger,
  ) {}

  start(): void {
    this.timer = setInterval(() => {
      this.round ??= this.reconcile().finally(() => (this.round = undefined));
    }, INTERVAL_MS);
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.round;
  }

  private async reconcile(): Promise<void> {
    try {
      for (const runId of await this.withoutWorker()) this.take(runId);
      for (const user of await this.usersWithRoom()) {
        await this.queue.add(
          await this.log.transaction(async (transaction) =>
            (await lockUser(transaction, user))
              ? promote(transaction, user, this.configuration.limits.concurrentRunsPerUser)
              : [],
          ),
        );
      }
    } catch (error) {
      this.logger.warn('reconcile_failed', { error });
    }
  }

  /** Not awaited: it takes as long as the run. */
  private take(runId: string): void {
    this.taken.add(runId);
    this.worker
      .process(runId)
      // Logged by the worker, or the database is away; the next round finds the run again.
      .catch(() => undefined)
      .finally(() => this.taken.delete(runId));
  }

  /** Runs that were let into the queue some time ago and that nobody works on, as many as there is room for. Uses run_unfinished. */
  private async withoutWorker(): Promise<string[]> {
    const room = RUNS_AT_ONCE - Math.max(this.owned.size, this.taken.size);
    if (room <= 0) return [];
    const rows = await this.database.rows<{ id: string }>(
      `SELECT id FROM run
       WHERE state IN ('pending','starting','running','completing')
         AND ((state = 'pending' AND dispatched AND created_at < now() - interval '1 second') OR lease_until < now())
         AND id <> ALL($1::uuid[])
       ORDER BY priority, created_at LIMIT $2`,
      [[...this.taken], room],
    );
    return rows.map(({ id }) => id);
  }

  /** Users with waiting runs and fewer dispatched ones than they may have, where no run of the thread is in the way. */
  private async usersWithRoom(): Promise<{ userId: string; tenantId: string }[]> {
    const rows = await this.database.rows<{ user_id: string; tenant_id: string }>(
      `WITH unfinished AS (
         SELECT user_id, tenant_id, thread_id, dispatched, created_at FROM run
         WHERE state IN ('pending','starting','running','completing')
       ), free AS (
         SELECT user_id, tenant_id, min(created_at) AS since FROM unfinished w
         WHERE NOT dispatched AND created_at < now() - interval '1 second'
           AND NOT EXISTS (SELECT 1 FROM unfinished d WHERE d.dispatched AND d.thread_id = w.thread_id)
         GROUP BY user_id, tenant_id
       )
       SELECT f.user_id, f.tenant_id FROM free f
       WHERE (SELECT count(*) FROM unfinished d WHERE d.dispatched AND d.user_id = f.user_id) < $1
       ORDER BY f.since LIMIT ${USERS_MAX}`,
      [this.configuration.limits.concurrentRunsPerUser],
    );
    return rows.map(({ user_id, tenant_id }) => ({ userId: user_id, tenantId: tenant_id }));
  }
}
