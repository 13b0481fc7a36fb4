import { Injectable } from '@nestjs/common';
import { Configuration } from '../config/configuration.js';
import { EventLog } from '../events/event-log.js';
import { Database } from '../persistence/database.js';
import { Logger } from '../telemetry/logger.js';
import { AGED_PRIORITY, lockUser, promote, type Dispatch } from './promotion.js';
import { LEASE_MS } from './run-claims.js';
import { PRIORITIES } from './run-priority.js';
import { RunQueue } from './run-queue.js';

/** A part of what a take-over takes; the rest is the lease that has to run out. */
const INTERVAL_MS = 500;
const RUNS_MAX = 500;
/** Of a round: runs that are lost wait for the next one. */
const RAISES_MAX = 50;
/** Whoever accepted it has had its time to start it. What seems to come from the future is from before the database's clock was set back. */
const IS_OLD = `created_at NOT BETWEEN now() - interval '1 second' AND now()`;

/** A run that nobody works on. */
interface WaitingRun extends Dispatch {
  /** What its priority has come to while it waited. */
  readonly aged: number;
}

/**
 * Puts right what a crash left between a commit and the queue: runs that should be at work are added again, runs that
 * could go on waiting for nobody are promoted. What is added is taken at once where there is room, whether it has a job or
 * not: the queue holds the jobs of a lost server back for as long as that server's clock was ahead.
 */
@Injectable()
export class Reconciler {
  private timer: NodeJS.Timeout | undefined;
  private round: Promise<void> | undefined;
  /** By waiting run: the priority that its job has. */
  private raised = new Map<string, number>();

  constructor(
    private readonly database: Database,
    private readonly log: EventLog,
    private readonly queue: RunQueue,
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
      await this.shortenLeases();
      const waiting = await this.withoutWorker();
      // One whose job was lost comes back where it stood.
      await this.queue.add(waiting.map(({ runId, aged }) => ({ runId, priority: aged })));
      for (const user of await this.usersWithRoom()) {
        await this.queue.add(
          await this.log.transaction(async (transaction) =>
            (await lockUser(transaction, user))
              ? promote(transaction, user, this.configuration.limits.concurrentRunsPerUser)
              : [],
          ),
        );
      }
      await this.raise(waiting);
    } catch (error) {
      this.logger.warn('reconcile_failed', { error });
    }
  }

  /**
   * A lease that ends later than any that is given now is from before the database's clock was set back. Its owner renews
   * it, if it lives. Uses run_unfinished.
   */
  private async shortenLeases(): Promise<void> {
    await this.database.execute(
      `UPDATE run SET lease_until = now() + make_interval(secs => $1::float8) WHERE id IN (
         SELECT id FROM run WHERE state IN ('starting','running','completing') AND lease_until > now() + make_interval(secs => 2 * $1::float8)
         ORDER BY id FOR NO KEY UPDATE SKIP LOCKED
       )`,
      [LEASE_MS / 1_000],
    );
  }

  /** Runs that were let into the queue some time ago and that nobody works on, in the order in which room goes to them. Uses run_unfinished. */
  private async withoutWorker(): Promise<WaitingRun[]> {
    const rows = await this.database.rows<{ id: string; priority: number; aged: number }>(
      `SELECT id, priority, greatest(${PRIORITIES.high}, ${AGED_PRIORITY})::int AS aged FROM run
       WHERE state IN ('pending','starting','running','completing')
         AND ((state = 'pending' AND dispatched AND ${IS_OLD}) OR lease_until < now())
       ORDER BY ${AGED_PRIORITY}, created_at, id LIMIT ${RUNS_MAX}`,
    );
    return rows.map(({ id, priority, aged }) => ({ runId: id, priority, aged }));
  }

  /** The queue knows no age: without this, a low run would wait for as long as normal ones come. */
  private async raise(waiting: readonly WaitingRun[]): Promise<void> {
    const standing = new Map(waiting.map(({ runId, priority }) => [runId, this.raised.get(runId) ?? priority]));
    const due = waiting.filter(({ runId, aged }) => aged < (standing.get(runId) ?? aged));
    for (const { runId, aged } of due.slice(0, RAISES_MAX)) {
      if (await this.queue.raise({ runId, priority: aged })) standing.set(runId, aged);
    }
    this.raised = standing;
  }

  /** Users with waiting runs and fewer dispatched ones than they may have, where no run of the thread is in the way. */
  private async usersWithRoom(): Promise<{ userId: string; tenantId: string }[]> {
    const rows = await this.database.rows<{ user_id: string; tenant_id: string }>(
      `WITH unfinished AS (
         SELECT user_id, tenant_id, thread_id, dispatched, created_at FROM run
         WHERE state IN ('pending','starting','running','completing')
       ), free AS (
         SELECT user_id, tenant_id, min(created_at) AS since FROM unfinished w
         WHERE NOT dispatched AND ${IS_OLD}
           AND NOT EXISTS (SELECT 1 FROM unfinished d WHERE d.dispatched AND d.thread_id = w.thread_id)
         GROUP BY user_id, tenant_id
       )
       SELECT f.user_id, f.tenant_id FROM free f
       WHERE (SELECT count(*) FROM unfinished d WHERE d.dispatched AND d.user_id = f.user_id) < $1
       ORDER BY f.since LIMIT ${RUNS_MAX}`,
      [this.configuration.limits.concurrentRunsPerUser],
    );
    return rows.map(({ user_id, tenant_id }) => ({ userId: user_id, tenantId: tenant_id }));
  }
}
