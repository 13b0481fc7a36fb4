import { CLOSE_CODES } from '@goldenpath/protocol';
import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Configuration } from '../config/configuration.js';
import { AppError } from '../errors/app-error.js';
import { Clock } from '../telemetry/clock.js';
import { Logger } from '../telemetry/logger.js';
import { ConnectionManager } from './connection-manager.js';
import { ConnectionOpening } from './connection-opening.js';
import type { Connection } from './connection.js';

const TICK_MIN_MS = 20;
const TICK_MAX_MS = 500;

/** Everything about connections that happens because time passes: one timer for all of them. */
@Injectable()
export class Heartbeat implements OnApplicationBootstrap, OnApplicationShutdown {
  private timer: NodeJS.Timeout | undefined;
  private sweptMs = 0;

  constructor(
    private readonly configuration: Configuration,
    private readonly manager: ConnectionManager,
    private readonly opening: ConnectionOpening,
    private readonly clock: Clock,
    private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    const { authTimeoutMs, pingIntervalMs, pingTimeoutMs, idleTimeoutMs } = this.configuration.socket;
    const shortestMs = Math.min(authTimeoutMs, pingIntervalMs, pingTimeoutMs, idleTimeoutMs);
    const tickMs = Math.min(TICK_MAX_MS, Math.max(TICK_MIN_MS, shortestMs / 4));
    this.timer = setInterval(() => this.tick(), tickMs).unref();
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  tick(): void {
    const nowMs = this.clock.monotonicMs();
    for (const connection of this.manager.all()) {
      if (connection.isServing) this.check(connection, nowMs);
      else if (connection.authDeadlineMs !== undefined && connection.authDeadlineMs <= nowMs) {
        this.opening.refuse(connection, new AppError('auth_timeout', 'No authenticate frame came in time.'));
      }
    }
    this.sweep(nowMs);
  }

  private check(connection: Connection, nowMs: number): void {
    const { pingIntervalMs, pingTimeoutMs, idleTimeoutMs, sweepIntervalMs } = this.configuration.socket;
    // A socket that is paused can't bring a pong.
    if (connection.sincePongMs > pingTimeoutMs && !connection.queue.isPaused) {
      this.logger.info('connection_dead', { connection_id: connection.id });
      connection.cut();
      return;
    }
    if (this.hasExpired(connection)) return;
    if (connection.idleMs > idleTimeoutMs) {
      connection.end(CLOSE_CODES.normal, 'idle');
      return;
    }
    if (nowMs - connection.lastPingMs >= pingIntervalMs) {
      connection.lastPingMs = nowMs;
      connection.channel.ping();
    }
    if (nowMs - connection.lastStatsMs >= sweepIntervalMs) connection.tellStats();
    // Paused threads go on once the peer has taken its buffer; a peer that does not take it is given up.
    connection.subscriptions?.drained();
  }

  private hasExpired(connection: Connection): boolean {
    const { identity, expiryNoticeAt } = connection;
    const now = this.clock.now();
    if (identity === undefined || expiryNoticeAt === undefined) return false;
    if (identity.expiresAt <= now) {
      connection.refuse(new AppError('token_expired', 'The token of this connection has expired.'));
      return true;
    }
    if (expiryNoticeAt <= now && !connection.expiryNoticed) {
      connection.expiryNoticed = true;
      connection.send({ type: 'auth_expiring', expires_at: identity.expiresAt.toISOString() });
    }
    return false;
  }

  /** Finds what should not exist: a socket that ended without telling. One in its closing handshake has closeTimeout. */
  private sweep(nowMs: number): void {
    if (nowMs - this.sweptMs < this.configuration.socket.sweepIntervalMs) return;
    this.sweptMs = nowMs;
    for (const connection of this.manager.all()) {
      if (!connection.channel.isGone) continue;
      this.logger.warn('connection_left_over', { connection_id: connection.id, state: connection.state });
      connection.release();
      this.manager.remove(connection);
    }
  }
}
