import type { ServerFrame } from '@goldenpath/protocol';
import { Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import type { Identity } from '../auth/identity.js';
import { Revocations, type Revoked } from '../auth/revocations.js';
import { SessionRecovery } from '../auth/session-recovery.js';
import { Configuration } from '../config/configuration.js';
import { AppError } from '../errors/app-error.js';
import { UserNotices } from '../events/user-notices.js';
import type { Connection } from './connection.js';
import { connectionSnapshot, type ConnectionSnapshot } from './connection-snapshot.js';

/** A client over the limit is told to come back after so long: another connection may be gone by then. */
const RETRY_AFTER_MS = 5_000;

export interface ConnectionTotals {
  readonly open: number;
  readonly users: number;
  readonly handshakes_succeeded: number;
  readonly handshakes_failed: number;
  /** 0 to 1; null as long as there was no handshake. */
  readonly handshake_success_share: number | null;
}

/** Every connection of this process: the one registry, by user. */
@Injectable()
export class ConnectionManager implements OnModuleInit, OnApplicationShutdown {
  private readonly connections = new Set<Connection>();
  private readonly byUser = new Map<string, Set<Connection>>();
  /** What was revoked while connections were being authenticated: they may have been found valid just before. */
  private readonly revokedDuring = new Map<Connection, Revoked[]>();
  /** As whom connections came: a later token may be of another session. */
  private readonly cameAs = new WeakMap<Connection, Identity>();
  private handshakesSucceeded = 0;
  private handshakesFailed = 0;
  private stopListening: () => void = () => undefined;

  constructor(
    private readonly configuration: Configuration,
    private readonly revocations: Revocations,
    private readonly recovery: SessionRecovery,
    private readonly notices: UserNotices,
  ) {}

  onModuleInit(): void {
    this.stopListening = this.revocations.onRevoked((revoked) => this.cut(revoked));
    this.notices.setDoor((userId, frame) => void this.deliver(userId, frame, () => true));
  }

  onApplicationShutdown(): void {
    this.stopListening();
  }

  /** A socket that nobody has authenticated yet. */
  add(connection: Connection): void {
    this.connections.add(connection);
    this.revokedDuring.set(connection, []);
  }

  /** Gives an authenticated connection its place among the user's. Throws token_revoked, too_many_connections. */
  admit(connection: Connection, identity: Identity): void {
    const { userId } = identity;
    const revoked = this.revokedDuring.get(connection) ?? [];
    if (revoked.some((item) => concerns(item, connection))) throw tokenRevoked();
    const ofUser = this.byUser.get(userId) ?? new Set();
    const limit = this.configuration.limits.connectionsPerUser;
    if (ofUser.size >= limit) {
      throw new AppError('too_many_connections', `A user may have ${limit} connections at once.`, {
        retryAfterMs: RETRY_AFTER_MS,
        details: { limit },
      });
    }
    this.revokedDuring.delete(connection);
    this.byUser.set(userId, ofUser.add(connection));
    this.cameAs.set(connection, identity);
    this.recovery.connected(identity);
  }

  noteHandshake(succeeded: boolean): void {
    if (succeeded) this.handshakesSucceeded += 1;
    else this.handshakesFailed += 1;
  }

  remove(connection: Connection): void {
    this.connections.delete(connection);
    this.revokedDuring.delete(connection);
    this.leave(connection);
    const userId = connection.identity?.userId;
    const ofUser = userId === undefined ? undefined : this.byUser.get(userId);
    if (userId === undefined || ofUser === undefined) return;
    ofUser.delete(connection);
    if (ofUser.size === 0) this.byUser.delete(userId);
  }

  private leave(connection: Connection): void {
    const identity = this.cameAs.get(connection);
    this.cameAs.delete(connection);
    if (identity !== undefined) this.recovery.disconnected(identity);
  }

  all(): Iterable<Connection> {
    return this.connections;
  }

  get size(): number {
    return this.connections.size;
  }

  /** Sockets that are not authenticated yet. */
  get pending(): number {
    return this.revokedDuring.size;
  }

  /** Sends a notice to every ready connection of the user that is not bound to another thread; answers to how many. */
  sendToThread(userId: string, threadId: string, frame: ServerFrame): number {
    return this.deliver(
      userId,
      JSON.stringify(frame),
      ({ boundThreadId }) => boundThreadId === undefined || boundThreadId === threadId,
    );
  }

  /** For admins. */
  list(): ConnectionSnapshot[] {
    return [...this.connections].map(connectionSnapshot);
  }

  totals(): ConnectionTotals {
    const handshakes = this.handshakesSucceeded + this.handshakesFailed;
    return {
      open: this.connections.size,
      users: this.byUser.size,
      handshakes_succeeded: this.handshakesSucceeded,
      handshakes_failed: this.handshakesFailed,
      handshake_success_share: handshakes === 0 ? null : this.handshakesSucceeded / handshakes,
    };
  }

  private deliver(userId: string, frame: string, wanted: (connection: Connection) => boolean): number {
    const receivers = [...(this.byUser.get(userId) ?? [])].filter(
      (connection) => connection.isServing && wanted(connection),
    );
    for (const connection of receivers) connection.channel.send(frame);
    return receivers.length;
  }

  private cut(revoked: Revoked): void {
    for (const during of this.revokedDuring.values()) during.push(revoked);
    for (const connection of [...(this.byUser.get(revoked.userId) ?? [])]) {
      if (concerns(revoked, connection)) connection.refuse(tokenRevoked());
    }
  }
}

const concerns = (revoked: Revoked, { identity }: Connection): boolean =>
  identity !== undefined &&
  identity.userId === revoked.userId &&
  (revoked.sessionId === undefined || identity.sessionId === revoked.sessionId);

const tokenRevoked = (): AppError => new AppError('token_revoked', 'The session of this connection was ended.');
