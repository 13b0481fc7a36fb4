import { Injectable } from '@nestjs/common';
import type { JsonObject } from '../context/json.js';
import { AppError } from '../errors/app-error.js';
import { Database } from '../persistence/database.js';
import { isId } from '../telemetry/ids.js';
import { encodeCursor, pageOf, type Page } from '../threads/page-cursor.js';
import type { UserPageQuery } from './admin-bodies.js';
import { positionOf } from './admin-queries.js';

/** A session as an admin sees it. */
export interface AdminSession {
  readonly id: string;
  readonly tenant_id: string;
  readonly user_id: string;
  readonly user_agent: string | null;
  readonly created_at: string;
  readonly last_used_at: string;
  readonly expires_at: string;
  readonly revoked_at: string | null;
  readonly revoked_reason: string | null;
}

/** A thread as an admin sees it: without its title, which the user wrote. */
export interface AdminThread {
  readonly id: string;
  readonly tenant_id: string;
  readonly user_id: string;
  readonly last_seq: number;
  readonly message_count: number;
  readonly created_at: string;
  readonly updated_at: string;
  readonly deleted_at: string | null;
}

/** What is known of an error that a user was shown under this id. */
export interface AdminErrorReport {
  readonly id: string;
  readonly tenant_id: string | null;
  readonly user_id: string | null;
  readonly run_id: string | null;
  readonly code: string;
  readonly step: string | null;
  readonly stack: string | null;
  readonly versions: JsonObject;
  readonly created_at: string;
}

/** Sessions, threads and error reports over all tenants. Newest first; ids are in order of time. */
@Injectable()
export class AdminRecords {
  constructor(private readonly database: Database) {}

  /** Uses session_pkey, or session_user_id for one user. */
  async sessions({ limit, cursor, user_id: userId }: UserPageQuery): Promise<Page<AdminSession>> {
    const rows = await this.database.rows<
      Timed<AdminSession, 'created_at' | 'last_used_at' | 'expires_at' | 'revoked_at'>
    >(
      `SELECT id, tenant_id, user_id, user_agent, created_at, last_used_at, expires_at, revoked_at, revoked_reason FROM session
       WHERE ($1::uuid IS NULL OR id < $1) AND ($2::uuid IS NULL OR user_id = $2) ORDER BY id DESC LIMIT $3`,
      [positionOf(cursor), userId ?? null, limit + 1],
    );
    return pageOf(rows, limit, {
      item: (row) => ({
        ...row,
        created_at: row.created_at.toISOString(),
        last_used_at: row.last_used_at.toISOString(),
        expires_at: row.expires_at.toISOString(),
        revoked_at: row.revoked_at?.toISOString() ?? null,
      }),
      cursor: (last) => encodeCursor('admin', last.id),
    });
  }

  /** Uses thread_pkey, or thread_user for one user. */
  async threads({ limit, cursor, user_id: userId }: UserPageQuery): Promise<Page<AdminThread>> {
    const rows = await this.database.rows<Timed<AdminThread, 'created_at' | 'updated_at' | 'deleted_at'>>(
      `SELECT id, tenant_id, user_id, last_seq, message_count, created_at, updated_at, deleted_at FROM thread
       WHERE ($1::uuid IS NULL OR id < $1) AND ($2::uuid IS NULL OR user_id = $2) ORDER BY id DESC LIMIT $3`,
      [positionOf(cursor), userId ?? null, limit + 1],
    );
    return pageOf(rows, limit, {
      item: (row) => ({
        ...row,
        created_at: row.created_at.toISOString(),
        updated_at: row.updated_at.toISOString(),
        deleted_at: row.deleted_at?.toISOString() ?? null,
      }),
      cursor: (last) => encodeCursor('admin', last.id),
    });
  }

  /** Throws not_found. Uses error_report_pkey. */
  async errorReport(errorId: string): Promise<AdminErrorReport> {
    const row = isId(errorId)
      ? await this.database.row<Omit<Timed<AdminErrorReport, 'created_at'>, 'versions'> & { versions: string }>(
          `SELECT id, tenant_id, user_id, run_id, code, step, stack, versions, created_at FROM error_report WHERE id = $1`,
          [errorId],
        )
      : undefined;
    if (row === undefined) throw new AppError('not_found', 'There is no such error report.');
    // An object that the run layer itself stored.
    return { ...row, versions: JSON.parse(row.versions) as JsonObject, created_at: row.created_at.toISOString() };
  }
}

/** A row whose times are as the database gives them. */
type Timed<Shown, Times extends keyof Shown> = Omit<Shown, Times> & {
  readonly [Name in Times]: null extends Shown[Name] ? Date | null : Date;
};
