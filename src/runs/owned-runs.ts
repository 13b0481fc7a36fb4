import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { RunCancelled, RunHandedBack } from '../context/run-stop.js';
import { LostRunError } from '../events/lost-run-error.js';
import type { RunLease } from '../events/run-leases.js';
import { RunLeases } from '../events/run-leases.js';
import { Logger } from '../telemetry/logger.js';
import { RENEWAL_MS, RunClaims } from './run-claims.js';

/** The runs that this process works on, and the way to stop each. Renews their leases while there are any. */
@Injectable()
export class OwnedRuns implements OnApplicationShutdown {
  private readonly controllers = new Map<string, AbortController>();
  private timer: NodeJS.Timeout | undefined;
  private renewing = false;

  constructor(
    private readonly leases: RunLeases,
    private readonly claims: RunClaims,
    private readonly logger: Logger,
  ) {}

  get size(): number {
    return this.controllers.size;
  }

  /** Takes charge of a run until `release`. */
  hold(lease: RunLease, controller: AbortController): void {
    this.controllers.set(lease.fence.runId, controller);
    this.leases.hold(lease);
    this.timer ??= setInterval(() => void this.renew(), RENEWAL_MS);
  }

  release(lease: RunLease): void {
    this.controllers.delete(lease.fence.runId);
    this.leases.release(lease);
    if (this.controllers.size === 0) this.stopTimer();
  }

  /** Stops a run of this process; nothing happens when it is not here. */
  cancel(runId: string, reason: string): void {
    this.controllers.get(runId)?.abort(new RunCancelled(reason));
  }

  /** Stops every run at its next checkpoint; they go back to the queue. */
  handBackAll(): void {
    for (const controller of this.controllers.values()) controller.abort(new RunHandedBack());
  }

  onApplicationShutdown(): void {
    this.stopTimer();
  }

  private async renew(): Promise<void> {
    if (this.renewing) return;
    this.renewing = true;
    try {
      const fences = this.leases.fences();
      const renewals = new Map((await this.claims.renew(fences)).map((renewal) => [renewal.runId, renewal]));
      for (const { runId } of fences) {
        const renewal = renewals.get(runId);
        if (renewal === undefined) this.controllers.get(runId)?.abort(new LostRunError(runId));
        else if (renewal.cancelReason !== undefined) this.cancel(runId, renewal.cancelReason);
      }
    } catch (error) {
      this.logger.warn('lease_renewal_failed', { error });
    } finally {
      this.renewing = false;
    }
  }

  private stopTimer(): void {
    clearInterval(this.timer);
    this.timer = undefined;
  }
}
