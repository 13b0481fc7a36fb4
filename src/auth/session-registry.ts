import { Injectable, type OnModuleInit } from '@nestjs/common';
import { AppError } from '../errors/app-error.js';
import { Database } from '../persistence/database.js';
import type { UserScope } from '../persistence/sql.js';
import { Clock } from '../telemetry/clock.js';
import { type Role, rolesOf } from './identity.js';
import { Revocations } from './revocations.js';

/** A session that may be used now. */
export interface LiveSession extends UserScope {
  readonly roles: readonly Role[];
}

interface SessionRow {
  readonly tenant_id: string;
  readonly user_id: string;
  readonly roles: string[];
  readonly expires_at: Date;
  readonly ended: boolean;
}

interface Entry {
  readonly readAtMs: number;
  readonly row: Promise<SessionRow | undefined>;
}

/** Bounds how long another node's revocation can go unnoticed, should its announcement be late. */
const TIME_TO_LIVE_MS = 1000;
const ENTRIES_MAX = 20_000;

/** Which sessions are live: the database's answer, asked at most once a second for a session, and at once after a revocation. */
@Injectable()
export class SessionRegistry implements OnModuleInit {
  /** By session, in the order of reading. */
  private readonly entries = new Map<string, Entry>();

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly revocations: Revocations,
  ) {}

  onModuleInit(): void {
    this.revocations.onRevoked(({ sessionId }) => {
      if (sessionId === undefined) this.entries.clear();
      else this.entries.delete(sessionId);
    });
  }

  /** Throws AppError token_revoked (ended, unknown, user disabled) or token_expired. */
  async requireLive(sessionId: string): Promise<LiveSession> {
    const row = await (this.fresh(sessionId) ?? this.read(sessionId));
    if (row === undefined || row.ended) throw new AppError('token_revoked', 'The session was ended; sign in again.');
    if (row.expires_at <= this.clock.now())
      throw new AppError('token_expired', 'The session has expired; sign in again.');
    return { tenantId: row.tenant_id, userId: row.user_id, roles: rolesOf(row.roles) };
  }

  private fresh(sessionId: string): Promise<SessionRow | undefined> | undefined {
    const entry = this.entries.get(sessionId);
    if (entry === undefined || this.clock.monotonicMs() - entry.readAtMs >= TIME_TO_LIVE_MS) return undefined;
    return entry.row;
  }

  /** The promise is kept, not its value: a thousand calls at once ask once. */
  private read(sessionId: string): Promise<SessionRow | undefined> {
    const entry: Entry = { readAtMs: this.clock.monotonicMs(), row: this.select(sessionId) };
    this.entries.delete(sessionId);
    this.entries.set(sessionId, entry);
    const [oldest] = this.entries.keys();
    if (this.entries.size > ENTRIES_MAX && oldest !== undefined) this.entries.delete(oldest);
    // A failure is not remembered. Whoever awaits the row gets the error itself.
    entry.row.catch(() => {
      if (this.entries.get(sessionId) === entry) this.entries.delete(sessionId);
    });
    return entry.row;
  }

  private select(sessionId: string): Promise<SessionRow | undefined> {
    return this.database.row<SessionRow>(
      `SELECT s.tenant_id, s.user_id, u.roles, s.expires_at, s.revoked_at IS NOT NULL OR u.disabled_at IS NOT NULL AS ended
       FROM session s JOIN user_account u ON u.id = s.user_id WHERE s.id = $1`,
      [sessionId],
    );
  }
}
