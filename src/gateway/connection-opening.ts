import { Injectable } from '@nestjs/common';
import type { Identity } from '../auth/identity.js';
import { SessionRecovery } from '../auth/session-recovery.js';
import { AppError } from '../errors/app-error.js';
import { UnexpectedErrors } from '../errors/unexpected-errors.js';
import { SubscriptionFactory } from '../events/subscription-factory.js';
import type { ThreadSubscriptions } from '../events/thread-subscriptions.js';
import { Lifecycle } from '../monitor/lifecycle.js';
import { Metrics } from '../monitor/metrics.js';
import { Logger } from '../telemetry/logger.js';
import { Authentication } from './authentication.js';
import { ConnectionManager } from './connection-manager.js';
import type { Connection } from './connection.js';
import type { Credential } from './credential.js';
import type { Handshake } from './handshake.js';
import { ReadyFrame } from './ready-frame.js';
import { answerText, TO_NO_FRAME, type ReplyTarget } from './reply-target.js';

/** How a connection is to be opened, and who is told when it is. */
export interface OpeningRequest {
  readonly credential: Credential;
  readonly follow: Handshake['follow'];
  /** The authenticate frame, where one brought the token. */
  readonly target: ReplyTarget;
  /** The user that this frame names, and until when another one may come if it names the wrong one. */
  readonly claim?: { readonly userId: string | undefined; readonly deadlineMs: number | undefined };
}

/** The way of a connection from its upgrade to connection_ready. Nothing is made for a user before the token is verified. */
@Injectable()
export class ConnectionOpening {
  constructor(
    private readonly lifecycle: Lifecycle,
    private readonly authentication: Authentication,
    private readonly manager: ConnectionManager,
    private readonly subscriptionFactory: SubscriptionFactory,
    private readonly readyFrame: ReadyFrame,
    private readonly metrics: Metrics,
    private readonly recovery: SessionRecovery,
    private readonly unexpected: UnexpectedErrors,
    private readonly logger: Logger,
  ) {}

  /** Never rejects: a connection that can't be opened is told why and closed. */
  async open(connection: Connection, request: OpeningRequest): Promise<void> {
    try {
      // While services come up, the client waits with its frames instead of being turned away.
      await this.lifecycle.whenReady();
      if (connection.isClosed()) return;
      const identity = await this.authentication.identify(request.credential);
      if (connection.isClosed() || isMismatch(connection, identity, request)) return;
      connection.authenticated(identity);
      this.manager.admit(connection, identity);
      await this.makeReady(connection, identity, request);
    } catch (error) {
      this.refuse(connection, this.unexpected.toAppError(error), request.target);
    }
  }

  refuse(connection: Connection, error: AppError, target: ReplyTarget = TO_NO_FRAME): void {
    if (connection.isClosed()) return;
    this.manager.noteHandshake(false);
    this.logger.info('connection_refused', { connection_id: connection.id, code: error.code });
    connection.refuse(error, target);
  }

  private async makeReady(connection: Connection, identity: Identity, request: OpeningRequest): Promise<void> {
    const onSlow = (): void => {
      if (!connection.isClosed()) this.metrics.slowConsumer();
      connection.refuse(new AppError('slow_consumer', 'The client reads more slowly than events come.'));
    };
    const reader = { ...identity, connectionId: connection.id, door: 'socket' } as const;
    const subscriptions = this.made(() => this.subscriptionFactory.create(reader, connection.channel, onSlow));
    connection.follow(subscriptions);
    await follow(connection, subscriptions, request.follow);
    if (request.follow !== 'none') this.recovery.followed(identity, followedBy(connection));
    if (connection.isClosed()) {
      subscriptions.close();
      return;
    }
    const frame = this.readyFrame.compose(connection.id, identity);
    // A JSON-RPC notification gets no answer, but a client that never hears of its connection could do nothing.
    connection.ready(answerText(request.target, frame) ?? JSON.stringify(frame));
    this.manager.noteHandshake(true);
    this.logger.info('connection_ready', { connection_id: connection.id, user_id: identity.userId });
  }

  /** A connection of which nothing can handle the frames is told so, and closed with 1011. */
  private made<Part>(make: () => Part): Part {
    try {
      return make();
    } catch (cause) {
      const { errorId } = this.unexpected.toAppError(cause);
      throw new AppError('engine_init_failed', 'What handles the frames of this connection could not be made.', {
        cause,
        ...(errorId === undefined ? {} : { errorId }),
      });
    }
  }
}

/** The frame names another user than its token: nothing changes, the connection goes on waiting for an authenticate. */
function isMismatch(connection: Connection, identity: Identity, { claim, target }: OpeningRequest): boolean {
  if (claim?.userId === undefined || claim.userId === identity.userId) return false;
  connection.authDeadlineMs = claim.deadlineMs;
  connection.fail(new AppError('user_mismatch', 'The frame names another user than its token.'), target);
  return true;
}

const followedBy = ({ subscriptions, boundThreadId }: Connection): readonly string[] | 'all' =>
  boundThreadId === undefined ? 'all' : [...(subscriptions?.followedThreads ?? [])];

/** What is pushed meanwhile is held back by the channel: the client is told of nothing before connection_ready, and misses nothing after it. */
async function follow(
  connection: Connection,
  subscriptions: ThreadSubscriptions,
  wanted: Handshake['follow'],
): Promise<void> {
  if (wanted === 'all') await subscriptions.followAll();
  if (wanted !== 'thread' || connection.boundThreadId === undefined) return;
  await subscriptions.subscribe([{ threadId: connection.boundThreadId }], ([result]) => {
    if (result !== undefined && 'error' in result) connection.send({ type: 'error', ...result.error });
  });
}
