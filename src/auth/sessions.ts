import { Injectable } from '@nestjs/common';
import { Database } from '../persistence/database.js';
import type { Sql, UserScope } from '../persistence/sql.js';
import { Clock } from '../telemetry/clock.js';
import { isId } from '../telemetry/ids.js';
import { AuditTrail } from './audit-trail.js';
import { Revocations } from './revocations.js';

/** A place where a user is signed in. */
export interface Session {
  readonly id: string;
  readonly userAgent: string | null;
  readonly createdAt: Date;
  readonly lastUsedAt: Date;
  readonly expiresAt: Date;
}

export interface SessionPage {
  readonly sessions: readonly Session[];
  /** Where the next page begins; null: this was the last. */
  readonly nextCursor: string | null;
}

export type EndReason =
  'logout' | 'logout_all' | 'ended_by_user' | 'password_changed' | 'refresh_reuse' | 'admin_password_set';

interface SessionRow {
  readonly id: string;
  readonly user_agent: string | null;
  readonly created_at: Date;
  readonly last_used_at: Date;
  readonly expires_at: Date;
}

interface EndedRow {
  readonly id: string;
  readonly user_id: string;
}

/** revoked_at is the database's time, which RevocationFeed compares with; rows are locked in one order, so that two ends don't block each other. */
const END = `UPDATE session SET revoked_at = clock_timestamp(), revoked_reason = $1 WHERE id IN
  (SELECT id FROM session WHERE revoked_at IS NULL AND`;

/** The sessions of users: listing and ending them. Who ended one is told to the whole node at once, to other nodes by RevocationFeed. */
@Injectable()
export class Sessions {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly revocations: Revocations,
    private readonly audit: AuditTrail,
  ) {}

  /** Live sessions, newest first (ids grow with time); index session_user_id. */
  async list(
    scope: UserScope,
    page: { readonly limit: number; readonly cursor?: string | undefined },
  ): Promise<SessionPage> {
    const rows = await this.database.rows<SessionRow>(
      `SELECT id, user_agent, created_at, last_used_at, expires_at FROM session
       WHERE user_id = $1 AND tenant_id = $2 AND revoked_at IS NULL AND expires_at > $3 AND ($4::uuid IS NULL OR id < $4)
       ORDER BY id DESC LIMIT $5`,
      [scope.userId, scope.tenantId, this.clock.now(), page.cursor, page.limit + 1],
    );
    const shown = rows.slice(0, page.limit);
    return {
      sessions: shown.map(sessionOf),
      nextCursor: rows.length > shown.length ? (shown.at(-1)?.id ?? null) : null,
    };
  }

  /** Answers whether there was such a live session of this user. */
  async end(scope: UserScope, sessionId: string, reason: EndReason): Promise<boolean> {
    if (!isId(sessionId)) return false;
    const ended = await this.database.rows<EndedRow>(
      `${END} id = $2 AND user_id = $3 AND tenant_id = $4 FOR UPDATE) RETURNING id, user_id`,
      [reason, sessionId, scope.userId, scope.tenantId],
    );
    this.announce(ended);
    return ended.length > 0;
  }

  /** Ends all sessions of a user, who asked for it. */
  async endAll(scope: UserScope, reason: EndReason): Promise<void> {
    const ended = await this.database.transaction(async (sql) => {
      const rows = await this.endAllIn(sql, { scope, reason });
      const target = { kind: 'user', id: scope.userId };
      await this.audit.record({ actor: scope, action: reason, target, details: { sessions: rows.length } }, sql);
      return rows;
    });
    this.announce(ended);
  }

  /** The same inside the caller's transaction, who hands the answer to `announce` after the commit. */
  async endAllIn(
    sql: Sql,
    { scope, reason, except }: { scope: UserScope; reason: EndReason; except?: string },
  ): Promise<EndedRow[]> {
    return sql.rows<EndedRow>(
      `${END} user_id = $2 AND tenant_id = $3 AND ($4::uuid IS NULL OR id <> $4) ORDER BY id FOR UPDATE) RETURNING id, user_id`,
      [reason, scope.userId, scope.tenantId, except],
    );
  }

  announce(ended: readonly EndedRow[]): void {
    this.revocations.announce(ended.map((row) => ({ userId: row.user_id, sessionId: row.id })));
  }
}

const sessionOf = (row: SessionRow): Session => ({
  id: row.id,
  userAgent: row.user_agent,
  createdAt: row.created_at,
  lastUsedAt: row.last_used_at,
  expiresAt: row.expires_at,
});
