import type { IncomingMessage } from 'node:http';
import { Injectable } from '@nestjs/common';
import { CallerAddresses } from '../auth/caller-addresses.js';
import { Configuration } from '../config/configuration.js';
import { AppError } from '../errors/app-error.js';
import { Lifecycle } from '../monitor/lifecycle.js';
import { Clock } from '../telemetry/clock.js';
import { RateLimiter } from '../threads/rate-limiter.js';
import { ConnectionManager } from './connection-manager.js';
import { isOriginAllowed } from './origin-policy.js';

export const SOCKET_PATH = '/ws';

const MINUTE_MS = 60_000;
const DRAINING_RETRY_MS = 2_000;
const CROWDED_RETRY_MS = 1_000;
/** Sockets that may wait for their authentication at the same time. */
const PENDING_MAX = 5_000;

/** What keeps a request from becoming a socket at all. Everything else is told on the socket, where browsers see it. */
@Injectable()
export class UpgradePolicy {
  private readonly handshakes: RateLimiter;

  constructor(
    private readonly configuration: Configuration,
    private readonly lifecycle: Lifecycle,
    private readonly manager: ConnectionManager,
    private readonly addresses: CallerAddresses,
    clock: Clock,
  ) {
    const limit = configuration.limits.handshakesPerMinutePerAddress;
    this.handshakes = new RateLimiter({ limit, windowMs: MINUTE_MS }, clock);
  }

  /** The reason to refuse the upgrade, if there is one. */
  objection(request: IncomingMessage, path: string | undefined): AppError | undefined {
    if (path !== SOCKET_PATH) return new AppError('not_found', `Sockets are opened at ${SOCKET_PATH}.`);
    const { origin, host } = request.headers;
    if (!isOriginAllowed(origin, host, this.configuration.allowedOrigins)) {
      return new AppError('origin_not_allowed', 'Pages of this origin may not open a socket.');
    }
    if (this.lifecycle.state === 'draining' || this.lifecycle.state === 'stopped') {
      return new AppError('server_draining', 'The server is going down.', { retryAfterMs: DRAINING_RETRY_MS });
    }
    if (this.manager.pending >= PENDING_MAX) {
      const message = 'Too many clients are connecting at the same time.';
      return new AppError('service_unavailable', message, { retryAfterMs: CROWDED_RETRY_MS });
    }
    const retryAfterMs = this.overAddressLimitMs(request);
    if (retryAfterMs === 0) return undefined;
    return new AppError('service_unavailable', 'Too many connections from this address in a minute.', { retryAfterMs });
  }

  private overAddressLimitMs(request: IncomingMessage): number {
    const key = this.addresses.limitKey(request);
    return key === undefined ? 0 : this.handshakes.take(key);
  }
}
