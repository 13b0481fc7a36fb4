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
  constructor(
    private readonly hub: ThreadHub,
    private readonly texts: TextStreams,
    private readonly positions: ThreadPositions,
    private readonly logger: Logger,
  ) {}

  create(scope: UserScope, sink: FrameSink, onEnd: (reason: 'slow') => void): ThreadSubscriptions {
    return new ThreadSubscriptions(scope, sink, () => onEnd('slow'), {
      hub: this.hub,
      texts: this.texts,
      positions: this.positions,
      onReadError: (error) => this.logger.warn('subscription_read_failed', { error, user_id: scope.userId }),
    });
  }
}
