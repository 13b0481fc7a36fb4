import { Injectable } from '@nestjs/common';
import { Database } from '../persistence/database.js';
import { isId } from '../telemetry/ids.js';
import {
  decodeCursor,
  encodeCursor,
  invalidCursor,
  pageOf,
  type Page,
  type PageRequest,
} from '../threads/page-cursor.js';

/** A user as an admin sees it: nothing that the user wrote. */
export interface AdminUser {
  readonly id: string;
  readonly tenant_id: string;
  readonly email: string;
  readonly roles: readonly string[];
  readonly disabled: boolean;
  readonly created_at: string;
}

/** A run as an admin sees it. */
export interface AdminRun {
  readonly id: string;
  readonly tenant_id: string;
  readonly user_id: string;
  readonly thread_id: string;
  readonly status: string;
  readonly attempt: number;
  readonly crashes: number;
  readonly created_at: string;
  readonly finished_at: string | null;
}

export interface RunFilter extends PageRequest {
  readonly status?: string | undefined;
  readonly user_id?: string | undefined;
  readonly thread_id?: string | undefined;
}

/** What platform admins may look at, over all tenants: the only queries without a user's scope. Newest first; ids are in order of time. */
@Injectable()
export class AdminQueries {
  constructor(private readonly database: Database) {}

  async users({ limit, cursor }: PageRequest): Promise<Page<AdminUser>> {
    const rows = await this.database.rows<Omit<AdminUser, 'created_at'> & { created_at: Date }>(
      `SELECT id, tenant_id, email, roles, disabled_at IS NOT NULL AS disabled, created_at FROM user_account
       WHERE $1::uuid IS NULL OR id < $1 ORDER BY id DESC LIMIT $2`,
      [positionOf(cursor), limit + 1],
    );
    return pageOf(rows, limit, {
      item: (row) => ({ ...row, created_at: row.created_at.toISOString() }),
      cursor: (last) => encodeCursor('admin', last.id),
    });
  }

  async runs({ limit, cursor, status, user_id: userId, thread_id: threadId }: RunFilter): Promise<Page<AdminRun>> {
    const rows = await this.database.rows<
      Omit<AdminRun, 'created_at' | 'finished_at'> & { created_at: Date; finished_at: Date | null }
    >(
      `SELECT id, tenant_id, user_id, thread_id, state AS status, attempt, crashes, created_at, finished_at FROM run
       WHERE ($1::uuid IS NULL OR id < $1) AND ($2::text IS NULL OR state = $2) AND ($3::uuid IS NULL OR user_id = $3)
         AND ($4::uuid IS NULL OR thread_id = $4)
       ORDER BY id DESC LIMIT $5`,
      [positionOf(cursor), status ?? null, userId ?? null, threadId ?? null, limit + 1],
    );
    return pageOf(rows, limit, {
      item: (row) => ({
        ...row,
        created_at: row.created_at.toISOString(),
        finished_at: row.finished_at?.toISOString() ?? null,
      }),
      cursor: (last) => encodeCursor('admin', last.id),
    });
  }
}

/** The id after which a page goes on. Throws validation_failed for a cursor of another list. */
export function positionOf(cursor: string | undefined): string | null {
  if (cursor === undefined) return null;
  const position = decodeCursor('admin', cursor);
  if (!isId(position)) throw invalidCursor();
  return position;
}
