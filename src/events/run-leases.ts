import { Injectable } from '@nestjs/common';
import type { JsonObject } from '../context/json.js';
import type { RunFence } from './event-append.js';
import { LostRunError } from './lost-run-error.js';

/** The final event of a run, on its way into the transaction that ends the run. */
export interface FinalEvent {
  readonly type: string;
  readonly fields: JsonObject;
}

/** What a worker holds while it owns a run. */
export interface LeaseFields {
  readonly fence: RunFence;
  readonly threadId: string;
  readonly userId: string;
  /** Writes the final event in the transaction that ends the run; the run layer provides it. Resolves with its seq. */
  readonly writeFinal: (event: FinalEvent) => Promise<number>;
  /** Called once when an event could not be stored: the run must stop. */
  readonly onFailure: (error: unknown) => void;
  /** Somebody wants the run to stop. */
  readonly onCancel: (reason: string) => void;
}

/** The right to write the events of one run, until another attempt takes it over. */
export class RunLease implements LeaseFields {
  readonly fence: RunFence;
  readonly threadId: string;
  readonly userId: string;
  readonly writeFinal: (event: FinalEvent) => Promise<number>;
  readonly onFailure: (error: unknown) => void;
  readonly onCancel: (reason: string) => void;
  private last: Promise<number | undefined> = Promise.resolve(undefined);
  private failed = false;

  constructor(fields: LeaseFields) {
    this.fence = fields.fence;
    this.threadId = fields.threadId;
    this.userId = fields.userId;
    this.writeFinal = fields.writeFinal;
    this.onFailure = fields.onFailure;
    this.onCancel = fields.onCancel;
  }

  /** Throws LostRunError once an append has failed: what would follow it in the log must not stand there without it. */
  check(): void {
    if (this.failed) throw new LostRunError(this.fence.runId);
  }

  /** Notes an append on its way; a failure ends the run even when nobody waits for this append. */
  track(append: Promise<number>): Promise<number> {
    this.last = append.catch((error: unknown) => {
      if (!this.failed) {
        this.failed = true;
        this.onFailure(error);
      }
      return undefined;
    });
    return append;
  }

  /** Resolves when everything appended so far is on disk (or has failed), with the seq of the last of it. Appends of a run settle in order. */
  async settled(): Promise<number | undefined> {
    const seq = await this.last;
    this.check();
    return seq;
  }
}

/** The runs that this process owns now. */
@Injectable()
export class RunLeases {
  private readonly leases = new Map<string, RunLease>();

  hold(lease: RunLease): void {
    this.leases.set(lease.fence.runId, lease);
  }

  release(lease: RunLease): void {
    if (this.leases.get(lease.fence.runId) === lease) this.leases.delete(lease.fence.runId);
  }

  /**
   * Throws LostRunError when this process does not own the run, or owns it in another epoch than the asker's: what an
   * earlier attempt still does must not go out under the fence of the one that took over from it.
   */
  get(runId: string, epoch?: number): RunLease {
    const lease = this.leases.get(runId);
    if (lease === undefined || (epoch !== undefined && epoch !== lease.fence.epoch)) throw new LostRunError(runId);
    return lease;
  }

  /** Stops a run of this process; nothing happens when it is not here. */
  cancel(runId: string, reason: string): void {
    this.leases.get(runId)?.onCancel(reason);
  }

  get size(): number {
    return this.leases.size;
  }

  fences(): RunFence[] {
    return [...this.leases.values()].map((lease) => lease.fence);
  }
}
