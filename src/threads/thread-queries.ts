import type { WireMessage, WireThread } from '@goldenpath/protocol';
import { Injectable } from '@nestjs/common';
import { Database } from '../persistence/database.js';
import type { UserScope } from '../persistence/sql.js';
import { isId } from '../telemetry/ids.js';
import { MESSAGE_COLUMNS, wireMessage, type MessageRow } from './message-row.js';
import {
  decodeCursor,
  decodeNumberCursor,
  encodeCursor,
  invalidCursor,
  pageOf,
  type Page,
  type PageRequest,
} from './page-cursor.js';
import { threadNotFound } from './thread-not-found.js';
import { THREAD_COLUMNS, wireThread, type ThreadRow } from './thread-row.js';

/** What a user can read of the own threads. Every method throws thread_not_found for what is not there for the user. */
@Injectable()
export class ThreadQueries {
  constructor(private readonly database: Database) {}

  /** Newest first, by time of creation: a thread never moves to another page. Uses thread_user. */
  async list(scope: UserScope, request: PageRequest): Promise<Page<WireThread>> {
    const after = request.cursor === undefined ? null : decodeCursor('threads', request.cursor);
    if (after !== null && !isId(after)) throw invalidCursor();
    const rows = await this.database.rows<ThreadRow>(
      `SELECT ${THREAD_COLUMNS} FROM thread t
       WHERE t.tenant_id = $1 AND t.user_id = $2 AND t.deleted_at IS NULL AND ($3::uuid IS NULL OR (t.created_at, t.id) <
         (SELECT c.created_at, c.id FROM thread c WHERE c.id = $3 AND c.tenant_id = $1 AND c.user_id = $2))
       ORDER BY t.created_at DESC, t.id DESC LIMIT $4`,
      [scope.tenantId, scope.userId, after, request.limit + 1],
    );
    return pageOf(rows, request.limit, { item: wireThread, cursor: (last) => encodeCursor('threads', last.id) });
  }

  /** Uses thread_pkey. */
  async find(scope: UserScope, threadId: string): Promise<WireThread> {
    const row = isId(threadId)
      ? await this.database.row<ThreadRow>(
          `SELECT ${THREAD_COLUMNS} FROM thread t
           WHERE t.id = $1 AND t.tenant_id = $2 AND t.user_id = $3 AND t.deleted_at IS NULL`,
          [threadId, scope.tenantId, scope.userId],
        )
      : undefined;
    if (row === undefined) throw threadNotFound();
    return wireThread(row);
  }

  /** The messages in the order they were written. Uses message_thread. */
  async history(scope: UserScope, threadId: string, request: PageRequest): Promise<Page<WireMessage>> {
    const after = request.cursor === undefined ? -1 : decodeNumberCursor('messages', request.cursor);
    await this.find(scope, threadId);
    const rows = await this.database.rows<MessageRow>(
      `SELECT ${MESSAGE_COLUMNS} FROM message m
       WHERE m.thread_id = $1 AND m.tenant_id = $2 AND m.user_id = $3 AND m.position > $4
       ORDER BY m.position LIMIT $5`,
      [threadId, scope.tenantId, scope.userId, after, request.limit + 1],
    );
    return pageOf(rows, fittingRows(rows, request.limit), {
      item: wireMessage,
      cursor: (last) => encodeCursor('messages', last.position),
    });
  }
}

/** A page of long answers must not fill a socket's buffer by itself: it may be shorter than asked for. */
const PAGE_TEXT_BYTES_MAX = 200_000;

function fittingRows(rows: readonly MessageRow[], limit: number): number {
  let bytes = 0;
  const isTooMuch = ({ text }: MessageRow): boolean => {
    bytes += Buffer.byteLength(JSON.stringify(text));
    return bytes > PAGE_TEXT_BYTES_MAX;
  };
  const tooMuch = rows.slice(0, limit).findIndex(isTooMuch);
  return tooMuch < 0 ? limit : Math.max(1, tooMuch);
}
