import { setTimeout as delay } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { Configuration } from '../config/configuration.js';
import { Logger } from '../telemetry/logger.js';
import { OwnedRuns } from './owned-runs.js';
import { Reconciler } from './reconciler.js';
import { RunQueue } from './run-queue.js';
import { RunWorker } from './run-worker.js';

const POLL_MS = 50;
/** Time that a handed-back run gets to reach its next checkpoint. */
const HAND_BACK_MS = 3_000;

/** The working side of this process: starts with the services phase, drains before the process ends. */
@Injectable()
export class Workers {
  constructor(
    private readonly queue: RunQueue,
    private readonly worker: RunWorker,
    private readonly reconciler: Reconciler,
    private readonly owned: OwnedRuns,
    private readonly configuration: Configuration,
    private readonly logger: Logger,
  ) {}

  async start(): Promise<void> {
    await this.queue.start();
    if (this.configuration.role === 'api') return;
    await this.queue.work((runId) => this.worker.process(runId));
    this.reconciler.start();
  }

  /**
   * Takes nothing new, lets runs finish within the time, hands the others back to the queue; answers how many. A run is waited
   * for from its place on: one whose claim is on its way is begun only to be handed back.
   */
  async drain(timeoutMs: number): Promise<number> {
    await this.queue.pause();
    await this.reconciler.stop();
    await this.idle(Math.max(0, timeoutMs - HAND_BACK_MS));
    this.owned.handBackAll();
    await this.idle(HAND_BACK_MS);
    const runs = this.owned.toldToGoBack;
    if (runs > 0) this.logger.info('runs_handed_back', { runs });
    return runs;
  }

  async close(): Promise<void> {
    await this.reconciler.stop();
    await this.queue.close();
  }

  private async idle(timeoutMs: number): Promise<void> {
    const deadline = performance.now() + timeoutMs;
    while (this.queue.atWork > 0 && performance.now() < deadline) await delay(POLL_MS);
  }
}
