import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import type { ServiceCheck } from '../monitor/service-watch.js';
import { redisConnection } from '../persistence/redis.js';
import type { Logger } from '../telemetry/logger.js';
import { Broadcast, type BroadcastMessage } from './broadcast.js';
import { openEnvelope, packEnvelopes } from './broadcast-envelope.js';
import { BroadcastOutbox } from './broadcast-outbox.js';
import { UnansweredLimit } from './unanswered-limit.js';

const CHANNEL = 'goldenpath:events';
const PAYLOAD_BYTES_MAX = 256 * 1024;

/** Fan-out by Redis publish/subscribe. While Redis is away, hints are dropped and the position check finds what they told. */
export class RedisBroadcast extends Broadcast {
  readonly check: ServiceCheck;
  /** This process, so that it does not hear itself. */
  private readonly self = randomUUID();
  private readonly publisher: Redis;
  private readonly subscriber: Redis;
  private readonly unanswered = new UnansweredLimit();
  private readonly outbox = new BroadcastOutbox((messages) => this.transmit(messages));

  constructor(
    url: string,
    private readonly logger: Logger,
  ) {
    super();
    this.publisher = redisConnection(url, logger);
    this.subscriber = redisConnection(url, logger, {
      enableOfflineQueue: true,
      autoResubscribe: true,
      maxRetriesPerRequest: null,
    });
    this.check = { service: 'redis', address: () => new URL(url).host, ask: () => this.publisher.ping() };
  }

  /** Resolves also while Redis is away: it is optional, and is found as soon as it is back. */
  async start(receive: (message: BroadcastMessage) => void): Promise<void> {
    this.subscriber.on('message', (_channel: string, text: string) => {
      for (const message of openEnvelope(text, this.self)) receive(message);
    });
    await Promise.all([this.publisher.connect(), this.subscriber.connect()]).catch((error: unknown) => {
      this.logger.warn('redis_away', { error });
    });
    const subscribed = this.subscriber.subscribe(CHANNEL);
    if (this.subscriber.status === 'ready') await subscribed;
    else subscribed.catch((error: unknown) => this.logger.debug('redis_error', { error }));
  }

  send(message: BroadcastMessage): void {
    this.outbox.put(message);
  }

  stop(): Promise<void> {
    this.outbox.close();
    this.publisher.disconnect();
    this.subscriber.disconnect();
    return Promise.resolve();
  }

  private transmit(messages: readonly BroadcastMessage[]): void {
    for (const payload of packEnvelopes(this.self, messages, PAYLOAD_BYTES_MAX)) {
      this.unanswered
        .send(payload, () => this.publisher.publish(CHANNEL, payload))
        .catch((error: unknown) => this.logger.debug('broadcast_dropped', { error }));
    }
  }
}
