import { Injectable } from '@nestjs/common';
import type { UserScope } from '../persistence/sql.js';
import { Logger } from '../telemetry/logger.js';
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
    private readonly logger: Logger,
  ) {}

  create(scope: UserScope, sink: FrameSink, onEnd: (reason: 'slow') => void): ThreadSubscriptions {
    const subscriptions = new ThreadSubscriptions(scope, sink, () => onEnd('slow'), {
      hub: this.hub,
      texts: this.texts,
      positions: this.positions,
      onReadError: (error) => this.logger.warn('subscription_read_failed', { error, user_id: scope.userId }),
      onClosed: (closed) => this.open.delete(closed),
    });
    this.open.add(subscriptions);
    return subscriptions;
  }

  /** Compares every followed thread with the log. */
  async checkPositions(): Promise<void> {
    const threadIds = new Set([...this.open].flatMap((subscriptions) => [...subscriptions.followedThreads]));
    const heads = await this.positions.heads([...threadIds]);
    for (const subscriptions of this.open) subscriptions.compareHeads(heads);
  }
}
