import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { RunCancelled, RunHandedBack } from '../context/run-stop.js';
import { LostRunError } from '../events/lost-run-error.js';
import type { RunLease } from '../events/run-leases.js';
import { RunLeases } from '../events/run-leases.js';
import { Logger } from '../telemetry/logger.js';
import { RENEWAL_MS, RunClaims } from './run-claims.js';

interface HeldRun {
  readonly lease: RunLease;
  readonly controller: AbortController;
}

/** The runs that this process works on, and the way to stop each. Renews their leases while there are any. */
@Injectable()
export class OwnedRuns implements OnApplicationShutdown {
  private readonly held = new Map<string, HeldRun>();
  private timer: NodeJS.Timeout | undefined;
  private renewing = false;
  private handsBack = false;
  private handedBack = 0;

  constructor(
    private readonly leases: RunLeases,
    private readonly claims: RunClaims,
    private readonly logger: Logger,
  ) {}

  get size(): number {
    return this.held.size;
  }

  /**
   * Takes charge of a run until `release`. An earlier attempt that is still at work here, because this process was too
   * busy to renew its lease, stops.
   */
  hold(lease: RunLease, controller: AbortController): void {
    const { runId } = lease.fence;
    this.held.get(runId)?.controller.abort(new LostRunError(runId));
    this.held.set(runId, { lease, controller });
    this.leases.hold(lease);
    if (this.handsBack) this.handBack(controller);
    this.timer ??= setInterval(() => void this.renew(), RENEWAL_MS);
  }

  release(lease: RunLease): void {
    const { runId } = lease.fence;
    if (this.held.get(runId)?.lease === lease) this.held.delete(runId);
    this.leases.release(lease);
    if (this.held.size === 0) this.stopTimer();
  }

  /** Stops a run of this process; nothing happens when it is not here. */
  cancel(runId: string, reason: string): void {
    this.held.get(runId)?.controller.abort(new RunCancelled(reason));
  }

  /** Stops every run at its next checkpoint, and each that comes later at once; they go back to the queue. */
  handBackAll(): void {
    this.handsBack = true;
    for (const { controller } of this.held.values()) this.handBack(controller);
  }

  /** Runs that were told to go back. */
  get toldToGoBack(): number {
    return this.handedBack;
  }

  onApplicationShutdown(): void {
    this.stopTimer();
  }

  private handBack(controller: AbortController): void {
    this.handedBack += 1;
    controller.abort(new RunHandedBack());
  }

  private async renew(): Promise<void> {
    if (this.renewing) return;
    this.renewing = true;
    try {
      const fences = this.leases.fences();
      const renewals = new Map((await this.claims.renew(fences)).map((renewal) => [renewal.runId, renewal]));
      for (const { runId, epoch } of fences) {
        const held = this.held.get(runId);
        // Ended or taken over meanwhile.
        if (held?.lease.fence.epoch !== epoch) continue;
        const renewal = renewals.get(runId);
        if (renewal === undefined) held.controller.abort(new LostRunError(runId));
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
