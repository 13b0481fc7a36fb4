import { Injectable, type OnModuleInit } from '@nestjs/common';
import { AdminAccount } from './auth/admin-account.js';
import { AgentWebSocketBridge } from './events/agent-websocket-bridge.js';
import { nonCompliant, validateWebSocketInterfaces } from './events/validate-websocket-interfaces.js';
import { Relay } from './events/relay.js';
import { WebSocketBridgeFactory } from './events/websocket-bridge-factory.js';
import { Lifecycle } from './monitor/lifecycle.js';
import { Peers } from './monitor/peers.js';
import { ServiceWatch } from './monitor/service-watch.js';
import { Persistence } from './persistence/persistence.js';
import { StartupError } from './persistence/startup-error.js';
import { Workers } from './runs/workers.js';
import { Logger } from './telemetry/logger.js';

/** Brings the process up in phases ([DG3]), after it has begun to listen: /health/startup shows where it is. */
@Injectable()
export class Startup implements OnModuleInit {
  constructor(
    private readonly lifecycle: Lifecycle,
    private readonly watch: ServiceWatch,
    private readonly peers: Peers,
    private readonly persistence: Persistence,
    private readonly admin: AdminAccount,
    private readonly relay: Relay,
    private readonly workers: Workers,
    private readonly bridge: AgentWebSocketBridge,
    private readonly bridgeFactory: WebSocketBridgeFactory,
    private readonly logger: Logger,
  ) {}

  /** Health shows the database from the first request on. */
  onModuleInit(): void {
    const { persistence } = this;
    this.watch.register({
      service: 'database',
      address: () => persistence.address,
      ask: () => persistence.ping(),
    });
  }

  /** Throws StartupError or ConfigurationError: one line for each problem. */
  async run(): Promise<void> {
    const { lifecycle } = this;
    // Settings were read before Nest started: without them there is nothing to listen with.
    await lifecycle.runPhase('config', () => Promise.resolve());
    await this.openStore();
    // Redis, where there is one: the start does not wait for it when it is away.
    await lifecycle.runPhase('cache', () => this.relay.start());
    await lifecycle.runPhase('services', async () => {
      this.checkInterfaces();
      await this.admin.ensure();
      await this.peers.start();
      await this.workers.start();
      this.watch.start();
    });
    await lifecycle.runPhase('gateway', () => Promise.resolve());
    lifecycle.markReady();
    this.logger.info('ready');
  }

  /** The store opens and migrates in one call; each of its steps is a phase of its own. */
  private async openStore(): Promise<void> {
    let migrating: () => void = () => undefined;
    const opened = new Promise<void>((resolve) => (migrating = resolve));
    const started = this.persistence.start((phase) => {
      if (phase === 'migrations') migrating();
    });
    await this.lifecycle.runPhase('database', () => Promise.race([opened, started]));
    await this.lifecycle.runPhase('migrations', () => started);
  }

  private checkInterfaces(): void {
    const reports = validateWebSocketInterfaces([this.bridgeFactory, this.bridge]);
    const broken = nonCompliant(reports);
    if (broken.length > 0) throw new StartupError(`Emitter interfaces do not comply: ${broken.join(', ')}.`);
    this.logger.debug('websocket_interfaces_checked', { reports });
  }
}
