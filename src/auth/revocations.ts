import { Injectable } from '@nestjs/common';
import { Clock } from '../telemetry/clock.js';
import { Logger } from '../telemetry/logger.js';

/** A session that was ended; without sessionId all of the user's. */
export interface Revoked {
  readonly userId: string;
  readonly sessionId?: string;
}

export type RevocationListener = (revoked: Revoked) => void;

/** Longer than the feed looks back, so that it doesn't announce a second time what this node ended itself. */
const REMEMBERED_MS = 60_000;

/** Tells the parts of this node which sessions were ended, here (at once) or on another node (RevocationFeed, within a second). */
@Injectable()
export class Revocations {
  private readonly listeners = new Set<RevocationListener>();
  /** Announced sessions and when, oldest first. */
  private readonly announced = new Map<string, number>();

  constructor(
    private readonly clock: Clock,
    private readonly logger: Logger,
  ) {}

  /** Each ended session is told once, in general; listeners must bear a repetition. Answers how to stop listening. */
  onRevoked(listener: RevocationListener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** To be called after the commit that ended the sessions. */
  announce(ended: readonly Revoked[]): void {
    this.forgetOld();
    for (const revoked of ended) {
      if (revoked.sessionId !== undefined) {
        if (this.announced.has(revoked.sessionId)) continue;
        this.announced.set(revoked.sessionId, this.clock.monotonicMs());
      }
      this.tell(revoked);
    }
  }

  private tell(revoked: Revoked): void {
    for (const listener of this.listeners) {
      try {
        listener(revoked);
      } catch (error) {
        // One listener's fault must not leave the sockets of the next one open.
        this.logger.error('revocation_listener_failed', { error, session_id: revoked.sessionId });
      }
    }
  }

  private forgetOld(): void {
    const nowMs = this.clock.monotonicMs();
    for (const [sessionId, atMs] of this.announced) {
      if (nowMs - atMs < REMEMBERED_MS) return;
      this.announced.delete(sessionId);
    }
  }
}
