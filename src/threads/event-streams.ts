import type { ServerResponse } from 'node:http';
import type { WireError } from '@goldenpath/protocol';
import {
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
  type OnModuleInit,
} from '@nestjs/common';
import type { Identity } from '../auth/identity.js';
import { Revocations } from '../auth/revocations.js';
import { SessionRegistry } from '../auth/session-registry.js';
import { Configuration } from '../config/configuration.js';
import { AppError } from '../errors/app-error.js';
import { SubscriptionFactory } from '../events/subscription-factory.js';
import { Metrics } from '../monitor/metrics.js';
import { Clock } from '../telemetry/clock.js';
import { Ids } from '../telemetry/ids.js';
import { EventStream } from './event-stream.js';

const TICK_MS = 1_000;
const COMMENT_MS = 15_000;
/** Clients come back spread over this time after the server ended their streams. */
const RETRY_MIN_MS = 500;
const RETRY_MAX_MS = 3_000;
const RETRY_AFTER_MS = 5_000;

export interface StreamPosition {
  readonly threadId: string;
  /** Live only when absent. */
  readonly afterSeq: number | undefined;
}

/** The open streams of server-sent events of this process: bounded per user, ended with token, session or server. */
@Injectable()
export class EventStreams implements OnModuleInit, OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly streams = new Set<EventStream>();
  private timer: NodeJS.Timeout | undefined;
  private stopListening: () => void = () => undefined;

  constructor(
    private readonly subscriptionFactory: SubscriptionFactory,
    private readonly configuration: Configuration,
    private readonly revocations: Revocations,
    private readonly sessions: SessionRegistry,
    private readonly clock: Clock,
    private readonly ids: Ids,
    private readonly metrics: Metrics,
  ) {}

  onModuleInit(): void {
    this.stopListening = this.revocations.onRevoked(({ userId, sessionId }) => {
      for (const stream of this.streams) {
        const { identity } = stream;
        if (identity.userId === userId && (sessionId === undefined || identity.sessionId === sessionId)) stream.end();
      }
    });
  }

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => this.tick(), TICK_MS).unref();
  }

  beforeApplicationShutdown(): void {
    clearInterval(this.timer);
    this.stopListening();
    for (const stream of this.streams) stream.end();
  }

  get size(): number {
    return this.streams.size;
  }

  /** Streams a thread until the client goes. Throws token_revoked, thread_not_found, cursor_ahead, too_many_connections before anything is sent. */
  async open(identity: Identity, position: StreamPosition, response: ServerResponse): Promise<void> {
    const stream = new EventStream(identity, response);
    // Gone while its token was checked: nothing would tell of its end any more.
    if (!stream.isOpen) return;
    this.checkLimit(identity);
    const reader = { ...identity, connectionId: this.ids.next(), door: 'stream' } as const;
    const subscriptions = this.subscriptionFactory.create(reader, stream, () => {
      if (stream.isOpen) this.metrics.slowConsumer();
      stream.cut();
    });
    stream.subscriptions = subscriptions;
    stream.lastWriteMs = this.clock.monotonicMs();
    this.streams.add(stream);
    response.on('drain', () => subscriptions.drained());
    response.on('close', () => this.drop(stream));
    // From here on the end of the session ends the stream; one that ended since the token was checked is found here.
    await this.sessions.requireLive(identity.sessionId);
    let refusal: WireError | undefined;
    await subscriptions.subscribe([position], ([result]) => {
      if (result !== undefined && 'error' in result) refusal = result.error;
      else stream.open(retryMs());
    });
    if (refusal !== undefined) throw new AppError(refusal.code, refusal.message, { details: refusal.details });
  }

  private checkLimit({ userId }: Identity): void {
    const limit = this.configuration.limits.connectionsPerUser;
    const open = [...this.streams].filter(({ identity }) => identity.userId === userId).length;
    if (open < limit) return;
    throw new AppError('too_many_connections', `A user may have ${limit} streams at once.`, {
      retryAfterMs: RETRY_AFTER_MS,
      details: { limit },
    });
  }

  private tick(): void {
    const nowMs = this.clock.monotonicMs();
    const now = this.clock.now();
    for (const stream of this.streams) {
      // Ended, and its reader doesn't take the rest; or it went with its connection while it waited behind another answer.
      if (!stream.isOpen) this.drop(stream);
      else if (stream.identity.expiresAt <= now) stream.end();
      else this.lookAfter(stream, nowMs);
    }
  }

  private drop(stream: EventStream): void {
    stream.cut();
    this.streams.delete(stream);
  }

  private lookAfter(stream: EventStream, nowMs: number): void {
    if (nowMs - stream.lastWriteMs >= COMMENT_MS) {
      stream.lastWriteMs = nowMs;
      stream.comment();
    }
    stream.subscriptions?.drained();
  }
}

const retryMs = (): number => Math.round(RETRY_MIN_MS + Math.random() * (RETRY_MAX_MS - RETRY_MIN_MS));
