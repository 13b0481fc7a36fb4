import { Injectable } from '@nestjs/common';
import { AuditTrail, type AuditEntry } from './auth/audit-trail.js';
import { Configuration } from './config/configuration.js';
import { Relay } from './events/relay.js';
import { Lifecycle } from './monitor/lifecycle.js';
import { Peers } from './monitor/peers.js';
import { ServiceWatch } from './monitor/service-watch.js';
import { Database } from './persistence/database.js';
import { ServerProcesses } from './persistence/server-processes.js';
import { Workers } from './runs/workers.js';
import { Clock } from './telemetry/clock.js';
import { Logger } from './telemetry/logger.js';

/** Part of the grace period that is kept for closing connections and the store. */
const CLOSING_SHARE = 0.25;

const AUDIT_TIMEOUT_MS = 1_000;

/** The orderly way out: clients are told, runs finish or go back to the queue; closing comes after. */
@Injectable()
export class Shutdown {
  constructor(
    private readonly lifecycle: Lifecycle,
    private readonly watch: ServiceWatch,
    private readonly peers: Peers,
    private readonly workers: Workers,
    private readonly relay: Relay,
    private readonly audit: AuditTrail,
    private readonly database: Database,
    private readonly configuration: Configuration,
    private readonly clock: Clock,
    private readonly processes: ServerProcesses,
    private readonly logger: Logger,
  ) {}

  async drain(reason: string): Promise<void> {
    const { shutdownGraceMs } = this.configuration.time;
    this.logger.info('draining', { reason });
    this.lifecycle.beginDraining({ reason, deadline: new Date(this.clock.now().getTime() + shutdownGraceMs) });
    const handedBack = await this.workers.drain(shutdownGraceMs * (1 - CLOSING_SHARE));
    await this.writeDown(reason, handedBack);
  }

  /** A database that is away must not keep the process from its end. */
  private async writeDown(reason: string, runsHandedBack: number): Promise<void> {
    const { role, version } = this.configuration;
    const entry: AuditEntry = {
      actor: null,
      action: 'server_shutdown',
      target: { kind: 'server', id: this.processes.id },
      details: { reason, role, version, runs_handed_back: runsHandedBack },
    };
    await this.audit
      .record(entry, this.database.within(AbortSignal.timeout(AUDIT_TIMEOUT_MS)))
      .catch((error: unknown) => this.logger.warn('audit_entry_not_stored', { error, action: 'server_shutdown' }));
  }

  async closeWorkers(): Promise<void> {
    this.watch.stop();
    await this.peers.stop();
    await this.workers.close();
    await this.relay.stop();
    this.lifecycle.markStopped();
  }
}
