import { Injectable } from '@nestjs/common';
import { Configuration } from '../config/configuration.js';
import { ServiceWatch } from '../monitor/service-watch.js';
import { Logger } from '../telemetry/logger.js';
import { Broadcast, type BroadcastMessage } from './broadcast.js';
import { SubscriptionFactory } from './subscription-factory.js';
import { ThreadHub } from './thread-hub.js';

/** How long a lost hint can keep a connection behind. */
const POSITION_CHECK_MS = 5_000;

/**
 * Joins the hubs of all processes: what is committed here is announced to the others, what they announce is looked up
 * in the log. With the embedded database there is one process, and nothing to join.
 */
@Injectable()
export class Relay {
  private timer: NodeJS.Timeout | undefined;
  private checking = false;

  constructor(
    private readonly hub: ThreadHub,
    private readonly broadcast: Broadcast,
    private readonly subscriptions: SubscriptionFactory,
    private readonly configuration: Configuration,
    private readonly watch: ServiceWatch,
    private readonly logger: Logger,
  ) {}

  async start(): Promise<void> {
    // Also where nothing is joined: a commit whose answer was lost is announced to nobody.
    this.timer = setInterval(() => void this.checkPositions(), POSITION_CHECK_MS);
    if (this.configuration.embedded) return;
    if (this.broadcast.check !== undefined) this.watch.register(this.broadcast.check);
    await this.broadcast.start((message) => this.receive(message));
    this.hub.setOutlet((message) => this.broadcast.send(message));
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    this.hub.setOutlet(undefined);
    await this.broadcast.stop();
  }

  private receive(message: BroadcastMessage): void {
    if (message.kind === 'events') this.hub.announceHead(message);
    else this.hub.deliverNotice(message);
  }

  private async checkPositions(): Promise<void> {
    if (this.checking) return;
    this.checking = true;
    try {
      await this.subscriptions.checkPositions();
    } catch (error) {
      this.logger.warn('position_check_failed', { error });
    } finally {
      this.checking = false;
    }
  }
}
