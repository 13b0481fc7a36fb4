import { Injectable } from '@nestjs/common';
import { Configuration } from './config/configuration.js';
import { Relay } from './events/relay.js';
import { Lifecycle } from './monitor/lifecycle.js';
import { Workers } from './runs/workers.js';
import { Clock } from './telemetry/clock.js';
import { Logger } from './telemetry/logger.js';

/** Part of the grace period that is kept for closing connections and the store. */
const CLOSING_SHARE = 0.25;

/** The orderly way out: clients are told, runs finish or go back to the queue; closing comes after. */
@Injectable()
export class Shutdown {
  constructor(
    private readonly lifecycle: Lifecycle,
    private readonly workers: Workers,
    private readonly relay: Relay,
    private readonly configuration: Configuration,
    private readonly clock: Clock,
    private readonly logger: Logger,
  ) {}

  async drain(reason: string): Promise<void> {
    const { shutdownGraceMs } = this.configuration.time;
    this.logger.info('draining', { reason });
    this.lifecycle.beginDraining({ reason, deadline: new Date(this.clock.now().getTime() + shutdownGraceMs) });
    await this.workers.drain(shutdownGraceMs * (1 - CLOSING_SHARE));
  }

  async closeWorkers(): Promise<void> {
    await this.workers.close();
    await this.relay.stop();
    this.lifecycle.markStopped();
  }
}
