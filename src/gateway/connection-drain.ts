import { setTimeout as delay } from 'node:timers/promises';
import { CLOSE_CODES, type ServerDrainingFrame } from '@goldenpath/protocol';
import { Injectable, type BeforeApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { AppError } from '../errors/app-error.js';
import { Lifecycle, type Drain } from '../monitor/lifecycle.js';
import { Logger } from '../telemetry/logger.js';
import { ConnectionManager } from './connection-manager.js';
import { ConnectionOpening } from './connection-opening.js';
import type { Connection } from './connection.js';
import { SocketGateway } from './socket.gateway.js';

/** Clients come back spread over this time, not all at once. */
const RETRY_MIN_MS = 500;
const RETRY_MAX_MS = 5_000;
/** For frames that are being handled when the end comes. */
const LAST_ANSWERS_MS = 1_000;
const CLOSING_MS = 2_000;
const POLL_MS = 10;

/** How the connections of this process come to their end: told first, closed when the runs are done, cut when they don't go. */
@Injectable()
export class ConnectionDrain implements OnModuleInit, BeforeApplicationShutdown {
  constructor(
    private readonly lifecycle: Lifecycle,
    private readonly manager: ConnectionManager,
    private readonly opening: ConnectionOpening,
    private readonly gateway: SocketGateway,
    private readonly logger: Logger,
  ) {}

  onModuleInit(): void {
    this.lifecycle.onDraining((drain) => this.announce(drain));
  }

  async beforeApplicationShutdown(): Promise<void> {
    const connections = [...this.manager.all()];
    await withinMs(LAST_ANSWERS_MS, Promise.all(connections.map(({ queue }) => queue.idle)));
    for (const connection of connections) this.close(connection);
    await withinMs(CLOSING_MS, this.allGone());
    const stragglers = [...this.manager.all()];
    for (const connection of stragglers) connection.cut();
    this.gateway.close();
    this.logger.info('connections_closed', { closed: connections.length, cut: stragglers.length });
  }

  private announce(drain: Drain): void {
    for (const connection of this.manager.all()) {
      if (connection.isServing) {
        connection.drain();
        connection.send(drainingFrame(drain));
      } else {
        this.close(connection);
      }
    }
  }

  private close(connection: Connection): void {
    if (connection.isServing) connection.end(CLOSE_CODES.restart, 'restart');
    else
      this.opening.refuse(
        connection,
        new AppError('server_draining', 'The server is going down.', { retryAfterMs: jitterMs() }),
      );
  }

  private async allGone(): Promise<void> {
    while (this.manager.size > 0) await delay(POLL_MS, undefined, { ref: false });
  }
}

const drainingFrame = (drain: Drain): ServerDrainingFrame => ({
  type: 'server_draining',
  reason: drain.reason,
  retry_after_ms: jitterMs(),
  deadline: drain.deadline.toISOString(),
});

const jitterMs = (): number => Math.round(RETRY_MIN_MS + Math.random() * (RETRY_MAX_MS - RETRY_MIN_MS));

async function withinMs(limitMs: number, work: Promise<unknown>): Promise<void> {
  const cancelled = new AbortController();
  const limit = delay(limitMs, undefined, { signal: cancelled.signal }).catch(() => undefined);
  await Promise.race([work, limit]);
  cancelled.abort();
}
