import { Injectable } from '@nestjs/common';
import type { Redis } from 'ioredis';
import { Configuration } from '../config/configuration.js';
import { Installation } from '../persistence/installation.js';
import { redisConnection } from '../persistence/redis.js';
import { Clock } from '../telemetry/clock.js';
import { isId } from '../telemetry/ids.js';
import { Logger } from '../telemetry/logger.js';
import { SessionProgress } from './session-progress.js';

/** Where a session stands in a thread: the highest seq acknowledged, or null where the thread is only followed. */
export interface CachedPosition {
  readonly sessionId: string;
  readonly threadId: string;
  readonly seq: number | null;
  /** When it was written, by the clock of the process that did. */
  readonly writtenAt: Date;
}

/** Nobody waits for a cache that stands still. */
const TIMEOUT_MS = 250;
/** What connections tell within so long travels together. */
const GATHER_MS = 10;
/** Sessions whose progress waits for its travel; that of others is left to the database. */
const SESSIONS_MAX = 20_000;
/** As long as a session can be gone on from. */
const KEPT_SECONDS = 24 * 60 * 60;
/** `7@1766000000000`: acknowledged up to 7. `@1766000000000`: followed. And when it was written. */
const VALUE = /^(\d*)@(\d{1,15})$/;

/**
 * Where sessions stand, in Redis: ahead of their rows, which are written every half second, so that a device that goes on at
 * another server, or after its server was killed, is not sent what it had. Only a cache: where Redis is away or empty, there are
 * the rows, and what it missed while it was away is told by nobody again.
 */
@Injectable()
export class SessionCache {
  private readonly redis: Redis | undefined;
  private gathered = new Map<string, SessionProgress>();
  private timer: NodeJS.Timeout | undefined;
  private writing: Promise<void> = Promise.resolve();
  private readonly unheard = (error: unknown): undefined => {
    this.logger.debug('redis_error', { error });
  };

  constructor(
    { redisUrl }: Configuration,
    private readonly installation: Installation,
    private readonly clock: Clock,
    private readonly logger: Logger,
  ) {
    this.redis = redisUrl === undefined ? undefined : redisConnection(redisUrl, logger, { commandTimeout: TIMEOUT_MS });
  }

  /** Redis that is away now is found as soon as it is there. */
  open(): void {
    this.redis?.connect().catch(this.unheard);
  }

  /** Takes what a connection of the session tells. */
  note(sessionId: string, tell: (progress: SessionProgress) => void): void {
    if (this.redis === undefined) return;
    const known = this.gathered.get(sessionId);
    if (known === undefined && this.gathered.size >= SESSIONS_MAX) return;
    const progress = known ?? new SessionProgress();
    this.gathered.set(sessionId, progress);
    tell(progress);
    this.schedule();
  }

  /** What is known of these sessions; nothing while Redis is away. */
  async positionsOf(sessionIds: readonly string[]): Promise<CachedPosition[]> {
    if (this.redis?.status !== 'ready') return [];
    const reading = this.redis.pipeline();
    for (const sessionId of sessionIds) reading.hgetall(this.keyOf(sessionId));
    const answers = await reading.exec().catch(this.unheard);
    return (answers ?? []).flatMap(([, fields], index) => positionsIn(fields, sessionIds[index]));
  }

  async close(): Promise<void> {
    clearTimeout(this.timer);
    await this.writing;
    await this.write();
    clearTimeout(this.timer);
    this.redis?.disconnect();
  }

  private schedule(): void {
    this.timer ??= setTimeout(() => {
      this.writing = this.write();
    }, GATHER_MS);
  }

  /** Never rejects. One at a time: while Redis does not answer, what is told meanwhile is gathered, not sent after it. */
  private async write(): Promise<void> {
    const { gathered } = this;
    this.gathered = new Map();
    await this.send(gathered).catch(this.unheard);
    this.timer = undefined;
    if (this.gathered.size > 0) this.schedule();
  }

  private async send(gathered: ReadonlyMap<string, SessionProgress>): Promise<void> {
    const { redis } = this;
    if (redis?.status !== 'ready') return;
    const writing = redis.pipeline();
    const writtenMs = this.clock.now().getTime();
    for (const [sessionId, { positions, unfollowed }] of gathered) {
      const key = this.keyOf(sessionId);
      if (unfollowed.size > 0) writing.hdel(key, ...unfollowed);
      for (const [threadId, seq] of positions) {
        // Following a thread again takes nothing back of what was acknowledged.
        if (seq === null) writing.hsetnx(key, threadId, `@${writtenMs}`);
        else writing.hset(key, threadId, `${seq}@${writtenMs}`);
      }
      writing.expire(key, KEPT_SECONDS);
    }
    if (writing.length > 0) await writing.exec();
  }

  /** A log that was put back from a backup has another id: what was acknowledged of the former one says nothing of it. */
  private keyOf(sessionId: string): string {
    return `goldenpath:session:${this.installation.logId()}:${sessionId}`;
  }
}

function positionsIn(fields: unknown, sessionId: string | undefined): CachedPosition[] {
  if (sessionId === undefined || typeof fields !== 'object' || fields === null) return [];
  return Object.entries(fields).flatMap(([threadId, value]) => {
    const [, seqText = '', writtenMs] = VALUE.exec(String(value)) ?? [];
    const seq = seqText === '' ? null : Number(seqText);
    const isPosition = isId(threadId) && writtenMs !== undefined && (seq === null || Number.isSafeInteger(seq));
    return isPosition ? [{ sessionId, threadId, seq, writtenAt: new Date(Number(writtenMs)) }] : [];
  });
}
