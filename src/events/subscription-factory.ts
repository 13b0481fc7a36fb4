import { Injectable } from '@nestjs/common';
import { Clock } from '../telemetry/clock.js';
import { Logger } from '../telemetry/logger.js';
import type { Reader } from './connection-delivery.js';
import { DeliveryLedger } from './delivery-ledger.js';
import type { FrameSink } from './frame-sink.js';
import { TextStreams } from './text-streams.js';
import { ThreadHub } from './thread-hub.js';
import { ThreadPositions } from './thread-positions.js';
import { ThreadSubscriptions } from './thread-subscriptions.js';

/** Makes the subscriptions of a connection. */
@Injectable()
export class SubscriptionFactory {
  private readonly open = new Set<ThreadSubscriptions>();

  constructor(
    private readonly hub: ThreadHub,
    private readonly texts: TextStreams,
    private readonly positions: ThreadPositions,
    private readonly ledger: DeliveryLedger,
    private readonly clock: Clock,
    private readonly logger: Logger,
  ) {}

  create(reader: Reader, sink: FrameSink, onEnd: (reason: 'slow') => void): ThreadSubscriptions {
    const subscriptions = new ThreadSubscriptions(reader, sink, () => onEnd('slow'), {
      hub: this.hub,
      texts: this.texts,
      positions: this.positions,
      onReadError: (error) => this.logger.warn('subscription_read_failed', { error, user_id: reader.userId }),
      ledger: this.ledger,
      clock: this.clock,
      onClosed: (closed) => this.open.delete(closed),
    });
    this.open.add(subscriptions);
    return subscriptions;
  }

  /** Compares every followed thread with the log, and looks for threads that began unheard of for who follows all. */
  async checkPositions(): Promise<void> {
    const threadIds = new Set([...this.open].flatMap((subscriptions) => [...subscriptions.followedThreads]));
    const heads = await this.positions.heads([...threadIds]);
    for (const subscriptions of this.open) subscriptions.compareHeads(heads);
    const followers = [...this.open].filter(({ followsAll }) => followsAll);
    const active = await this.positions.activeThreads([...new Set(followers.map(({ userId }) => userId))]);
    for (const follower of followers) follower.findBeginnings(active.get(follower.userId) ?? []);
  }
}
