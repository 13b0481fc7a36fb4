import { Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { Database } from '../persistence/database.js';
import { ServerProcesses } from '../persistence/server-processes.js';
import type { UserScope } from '../persistence/sql.js';
import { writeApart } from '../persistence/write-apart.js';
import { Clock } from '../telemetry/clock.js';
import { isId } from '../telemetry/ids.js';
import { Logger } from '../telemetry/logger.js';
import type { Identity } from './identity.js';
import { SessionCache } from './session-cache.js';
import { SessionProgress } from './session-progress.js';
import { type RecoverableSession, StoredProgress, type ToldProgress } from './stored-progress.js';

/** What connections tell is written together: an acknowledgement costs no statement of its own. */
const GATHER_MS = 500;
/** A server that stops looks no longer than this for what was refused. */
const LAST_WRITES_MS = 2_000;
/** Sessions whose progress waits for a database that is away; the one that was quiet for longest is forgotten first. */
const SESSIONS_MAX = 20_000;

/**
 * Keeps, on the session's row, what its connections follow and have acknowledged, so that any device of the user can go on
 * where this one stopped (GET /api/auth/sessions). The end of the last connection, of those to all processes, marks the session
 * for recovery. A process that is killed loses the last half second of it, where there is no Redis: the device then gets events
 * again that it had, never too few.
 */
@Injectable()
export class SessionRecovery implements OnModuleInit, OnApplicationShutdown {
  private progress = new Map<string, SessionProgress>();
  /** Connections of each session in this process. */
  private readonly open = new Map<string, number>();
  private timer: NodeJS.Timeout | undefined;
  private storing: Promise<void> = Promise.resolve();
  private readonly stored: StoredProgress;
  private refusedCount = 0;
  private lateAtMs = Infinity;

  constructor(
    database: Database,
    processes: ServerProcesses,
    private readonly cache: SessionCache,
    private readonly clock: Clock,
    private readonly logger: Logger,
  ) {
    this.stored = new StoredProgress(database, processes.id);
  }

  onModuleInit(): void {
    this.cache.open();
  }

  /** Sessions whose progress the database refused since the start. */
  get refused(): number {
    return this.refusedCount;
  }

  connected({ sessionId }: Identity): void {
    this.open.set(sessionId, (this.open.get(sessionId) ?? 0) + 1);
    this.of(sessionId);
  }

  disconnected({ sessionId }: Identity): void {
    const left = (this.open.get(sessionId) ?? 1) - 1;
    if (left > 0) {
      this.open.set(sessionId, left);
      return;
    }
    this.open.delete(sessionId);
    this.of(sessionId);
  }

  followed({ sessionId }: Identity, threads: readonly string[] | 'all'): void {
    this.note(sessionId, (progress) => {
      if (threads === 'all') progress.followsAll = true;
      else for (const threadId of threads) progress.follow(threadId);
    });
  }

  unfollowed({ sessionId }: Identity, threads: readonly string[], isAll: boolean): void {
    this.note(sessionId, (progress) => {
      if (isAll) progress.followsAll = false;
      for (const threadId of threads) if (isId(threadId)) progress.unfollow(threadId);
    });
  }

  acknowledged({ sessionId }: Identity, threadId: string, seq: number): void {
    this.note(sessionId, (progress) => progress.acknowledge(threadId, seq));
  }

  /** Where these sessions of the user stand, those that can be gone on from. */
  async recoverable(scope: UserScope, sessionIds: readonly string[]): Promise<Map<string, RecoverableSession>> {
    const ahead = await this.cache.positionsOf(sessionIds);
    return this.stored.of(scope, { sessionIds, ahead, now: this.clock.now() });
  }

  /** Connections are closed by then; what they told is stored before the database goes. */
  async onApplicationShutdown(): Promise<void> {
    clearTimeout(this.timer);
    this.lateAtMs = this.clock.monotonicMs() + LAST_WRITES_MS;
    await this.storing;
    await this.store();
    clearTimeout(this.timer);
    await this.cache.close();
  }

  private note(sessionId: string, tell: (progress: SessionProgress) => void): void {
    tell(this.of(sessionId));
    this.cache.note(sessionId, tell);
  }

  private of(sessionId: string): SessionProgress {
    const progress = this.progress.get(sessionId) ?? new SessionProgress();
    // Put anew at the end: the map is in the order of the last news.
    this.progress.delete(sessionId);
    const [oldest] = this.progress.keys();
    if (this.progress.size >= SESSIONS_MAX && oldest !== undefined) this.progress.delete(oldest);
    this.progress.set(sessionId, progress);
    this.schedule();
    return progress;
  }

  private schedule(): void {
    this.timer ??= setTimeout(() => {
      this.storing = this.store();
    }, GATHER_MS);
  }

  private async store(): Promise<void> {
    const batch = this.progress;
    this.progress = new Map();
    try {
      if (batch.size > 0) await this.write(batch);
    } catch (error) {
      this.logger.warn('session_progress_not_stored', { error, sessions: batch.size });
      for (const [sessionId, earlier] of batch) this.restore(sessionId, earlier);
    } finally {
      this.timer = undefined;
      if (this.progress.size > 0) this.schedule();
    }
  }

  /** Takes out of the batch what is written, or refused for good. */
  private write(batch: Map<string, SessionProgress>): Promise<void> {
    // Of now also where it takes several attempts: what is told from here on is not in it.
    const now = this.clock.now();
    return writeApart([...batch], {
      write: async (entries) => {
        await this.stored.add(this.toldOf(entries), now);
        for (const [sessionId] of entries) batch.delete(sessionId);
      },
      drop: ([sessionId], error) => {
        this.logger.error('session_progress_refused', { error, session_ids: [sessionId] });
        this.refusedCount += 1;
        batch.delete(sessionId);
      },
      isLate: () => this.clock.monotonicMs() > this.lateAtMs,
    });
  }

  private toldOf(entries: readonly (readonly [string, SessionProgress])[]): ToldProgress[] {
    return entries.map(([sessionId, progress]) => ({ sessionId, progress, isOpen: this.open.has(sessionId) }));
  }

  private restore(sessionId: string, earlier: SessionProgress): void {
    const isNew = !this.progress.has(sessionId);
    if (isNew && this.progress.size >= SESSIONS_MAX) return;
    const progress = this.progress.get(sessionId) ?? new SessionProgress();
    progress.restore(earlier);
    this.progress.set(sessionId, progress);
  }
}
