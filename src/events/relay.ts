import { Injectable } from '@nestjs/common';
import { Configuration } from '../config/configuration.js';
import { Peers } from '../monitor/peers.js';
import { ServiceWatch } from '../monitor/service-watch.js';
import { Logger } from '../telemetry/logger.js';
import { Broadcast, type BroadcastMessage } from './broadcast.js';
import { RunLeases } from './run-leases.js';
import { SharedSpending } from './shared-spending.js';
import { SubscriptionFactory } from './subscription-factory.js';
import { TextAssembly } from './text-assembly.js';
import { TextStreams } from './text-streams.js';
import { ThreadHub } from './thread-hub.js';
import { UserNotices } from './user-notices.js';

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
  private readonly assembly = new TextAssembly();
  private stopListening: () => void = () => undefined;

  constructor(
    private readonly hub: ThreadHub,
    private readonly broadcast: Broadcast,
    private readonly subscriptions: SubscriptionFactory,
    private readonly texts: TextStreams,
    private readonly notices: UserNotices,
    private readonly spending: SharedSpending,
    private readonly leases: RunLeases,
    private readonly configuration: Configuration,
    private readonly watch: ServiceWatch,
    private readonly peers: Peers,
    private readonly logger: Logger,
  ) {}

  async start(): Promise<void> {
    // Also where nothing is joined: a commit whose answer was lost is announced to nobody.
    this.timer = setInterval(() => void this.checkPositions(), POSITION_CHECK_MS);
    if (this.configuration.embedded) return;
    if (this.broadcast.check !== undefined) this.watch.register(this.broadcast.check);
    await this.broadcast.start((message) => this.receive(message));
    this.tellThrough((message) => this.broadcast.send(message));
    this.stopListening = this.peers.onTold(() => this.broadcast.send({ kind: 'process' }));
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    this.tellThrough(undefined);
    this.stopListening();
    await this.broadcast.stop();
  }

  private tellThrough(outlet: ((message: BroadcastMessage) => void) | undefined): void {
    for (const teller of [this.hub, this.notices, this.spending]) teller.setOutlet(outlet);
  }

  private receive(message: BroadcastMessage): void {
    switch (message.kind) {
      case 'events':
        this.hub.announceHead(message);
        return;
      case 'notice':
        this.hub.deliverNotice(message);
        return;
      case 'text_wanted':
        this.texts.answer(message);
        return;
      case 'text': {
        const notice = this.assembly.take(message);
        if (notice !== undefined) this.hub.deliverNotice(notice);
        return;
      }
      case 'user_notice':
        this.notices.take(message.userId, message.frame);
        return;
      case 'message_spent':
        this.spending.take(message.userId);
        return;
      case 'cancel':
        this.leases.cancel(message.runId, message.reason);
        return;
      case 'process':
        this.peers.look();
        return;
    }
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
