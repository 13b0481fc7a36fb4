import { Injectable } from '@nestjs/common';
import type { RunFence } from '../events/event-append.js';
import { brokenConstraint } from '../persistence/database-error.js';
import { Database } from '../persistence/database.js';
import { RUN_COLUMNS, runRow, type RunColumns, type RunRow } from './run-row.js';

/** An owner that has not renewed its lease for so long has lost its runs. */
export const LEASE_MS = 3_000;
/** Several renewals fit into a lease, and a cancellation is noticed within this time on any node. */
export const RENEWAL_MS = 500;

/** A lease that was renewed; `cancelReason` when somebody asked for the run's cancellation. */
export interface Renewal {
  readonly runId: string;
  readonly cancelReason: string | undefined;
}

/** Who owns a run: taken by bumping its epoch, kept by renewing its lease. All times are the database's. */
@Injectable()
export class RunClaims {
  constructor(private readonly database: Database) {}

  /**
   * Takes a run that waits, or whose owner's lease has run out; a second claim of the same run finds nothing.
   * Undefined when it is not to be had: over, owned, or its thread has another live run. Uses run_pkey.
   */
  async claim(runId: string, owner: string): Promise<RunRow | undefined> {
    try {
      const columns = await this.database.row<RunColumns>(
        `UPDATE run r SET state = 'starting', epoch = r.epoch + 1, append_round = 0, attempt = r.attempt + 1, owner = $2, dispatched = true,
           crashes = r.crashes + CASE WHEN r.state = 'pending' THEN 0 ELSE 1 END,
           lease_until = now() + make_interval(secs => $3), started_at = coalesce(r.started_at, now())
         WHERE r.id = $1 AND (r.state = 'pending' OR (r.state IN ('starting','running','completing') AND r.lease_until < now()))
         RETURNING ${RUN_COLUMNS}`,
        [runId, owner, LEASE_MS / 1_000],
      );
      return columns === undefined ? undefined : runRow(columns);
    } catch (error) {
      if (brokenConstraint(error) === 'run_one_live_per_thread') return undefined;
      throw error;
    }
  }

  /** Renews these leases. A run that is missing in the answer is owned by somebody else, or over. */
  async renew(fences: readonly RunFence[]): Promise<Renewal[]> {
    const rows = await this.database.rows<{ id: string; cancel_reason: string | null }>(
      // Locked in the order in which appends lock them: otherwise the two would wait for each other now and then.
      `WITH owned AS (
         SELECT o.id FROM run o JOIN unnest($1::uuid[], $2::int[]) AS held (id, epoch) ON held.id = o.id AND held.epoch = o.epoch
         WHERE o.state IN ('starting','running','completing') ORDER BY o.id FOR NO KEY UPDATE OF o
       )
       UPDATE run r SET lease_until = now() + make_interval(secs => $3) FROM owned WHERE r.id = owned.id
       RETURNING r.id, r.cancel_reason`,
      [fences.map(({ runId }) => runId), fences.map(({ epoch }) => epoch), LEASE_MS / 1_000],
    );
    return rows.map(({ id, cancel_reason }) => ({ runId: id, cancelReason: cancel_reason ?? undefined }));
  }

  /**
   * starting → running; true also when this attempt is there already, after a try whose answer was lost. False when the
   * run is owned by somebody else, or over.
   */
  async begin({ runId, epoch }: RunFence): Promise<boolean> {
    return (
      (await this.database.execute(
        `UPDATE run SET state = 'running' WHERE id = $1 AND epoch = $2 AND state IN ('starting','running')`,
        [runId, epoch],
      )) === 1
    );
  }

  /** Gives a run back to the queue at a checkpoint; the epoch moves on so that nothing of this attempt can follow. */
  async handBack({ runId, epoch }: RunFence): Promise<boolean> {
    return (
      (await this.database.execute(
        `UPDATE run SET state = 'pending', epoch = epoch + 1, owner = NULL, lease_until = NULL
         WHERE id = $1 AND epoch = $2 AND state IN ('starting','running','completing')`,
        [runId, epoch],
      )) === 1
    );
  }
}
