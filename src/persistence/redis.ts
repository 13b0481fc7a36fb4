import { Redis, type RedisOptions } from 'ioredis';
import type { Logger } from '../telemetry/logger.js';
import { cutWhenSilent } from './cut-when-silent.js';

const RECONNECT_MAX_MS = 2_000;
const CONNECT_TIMEOUT_MS = 2_000;

/**
 * A connection to Redis, not yet open. Redis is optional: a command fails at once while it is away, within three seconds where it
 * stands still, and the connection comes back by itself.
 */
export function redisConnection(url: string, logger: Logger, options: RedisOptions = {}): Redis {
  const redis = new Redis(url, {
    lazyConnect: true,
    // What would have to wait for Redis is of no use any more.
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    connectTimeout: CONNECT_TIMEOUT_MS,
    retryStrategy: (attempt: number) => Math.min(RECONNECT_MAX_MS, attempt * 100),
    ...options,
  });
  redis.on('connect', () =>
    cutWhenSilent(redis.stream, async () => {
      // Before that it has been asked whether it is ready; a question of ours would only wait.
      if (redis.status === 'ready') await redis.ping();
    }),
  );
  redis.on('error', (error: unknown) => logger.debug('redis_error', { error }));
  return redis;
}
