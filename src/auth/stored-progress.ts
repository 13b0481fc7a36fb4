import type { Database } from '../persistence/database.js';
import { PROCESS_IS_ALIVE } from '../persistence/server-processes.js';
import type { UserScope } from '../persistence/sql.js';
import type { CachedPosition } from './session-cache.js';
import type { SessionProgress } from './session-progress.js';

/** What a process tells of one session. */
export interface ToldProgress {
  readonly sessionId: string;
  readonly progress: SessionProgress;
  /** Whether this process has a connection of the session. */
  readonly isOpen: boolean;
}

/** How long a session can be gone on from after its last news. */
const RECOVERABLE_MS = 24 * 60 * 60 * 1_000;
/** Threads that are shown of one session, the latest first. */
const THREADS_SHOWN = 100;

/** Where a session stood, for whoever goes on. */
export interface RecoverableSession {
  readonly sessionId: string;
  /** Null while a connection is open. */
  readonly disconnectedAt: Date | null;
  readonly recoverableUntil: Date;
  readonly followsAll: boolean;
  readonly threads: readonly {
    readonly threadId: string;
    readonly ackedSeq: number | null;
    readonly lastSeq: number;
  }[];
}

/** What is asked for. */
interface Wanted {
  readonly sessionIds: readonly string[];
  /** What may be ahead of the rows, or behind them: of threads without a row, only what is newer than all rows of the session. */
  readonly ahead: readonly CachedPosition[];
  readonly now: Date;
}

interface Row {
  readonly id: string;
  readonly disconnected_at: Date | null;
  readonly recoverable_until: Date;
  readonly follows_all: boolean;
  readonly thread_id: string | null;
  readonly acked_seq: number | null;
  readonly last_seq: number | null;
}

/** The progress of sessions in the database: on their rows, and for each thread in session_position. */
export class StoredProgress {
  constructor(
    private readonly database: Database,
    private readonly processId: string,
  ) {}

  /** Adds what is new, in one statement. An acknowledgement never goes back, whoever tells of it last. */
  async add(told: readonly ToldProgress[], now: Date): Promise<void> {
    // In the order of ids: two processes that store the same sessions don't wait for each other in turn.
    const sessions = [...told].sort((left, right) => (left.sessionId < right.sessionId ? -1 : 1));
    const positions = sessions.flatMap(({ sessionId, progress }) =>
      [...progress.positions].sort().map(([threadId, seq]) => ({ sessionId, threadId, seq })),
    );
    const unfollowed = sessions.flatMap(({ sessionId, progress }) =>
      [...progress.unfollowed].map((threadId) => ({ sessionId, threadId })),
    );
    await this.database.execute(ADD, [
      sessions.map(({ sessionId }) => sessionId),
      sessions.map(({ progress }) => progress.followsAll ?? null),
      sessions.map(({ isOpen }) => isOpen),
      now,
      new Date(now.getTime() + RECOVERABLE_MS),
      positions.map(({ sessionId }) => sessionId),
      positions.map(({ threadId }) => threadId),
      positions.map(({ seq }) => seq),
      unfollowed.map(({ sessionId }) => sessionId),
      unfollowed.map(({ threadId }) => threadId),
      this.processId,
    ]);
  }

  /** Those of these sessions of the user that can be gone on from. Uses session_pkey, session_position_pkey, thread_pkey. */
  async of(scope: UserScope, { sessionIds, ahead, now }: Wanted): Promise<Map<string, RecoverableSession>> {
    const rows = await this.database.rows<Row>(READ, [
      ...[sessionIds, scope.userId, scope.tenantId, now],
      ahead.map(({ sessionId }) => sessionId),
      ahead.map(({ threadId }) => threadId),
      ahead.map(({ seq }) => seq),
      ahead.map(({ writtenAt }) => writtenAt),
      RECOVERABLE_MS,
    ]);
    const sessions = new Map<string, RecoverableSession>();
    for (const row of rows) {
      const known = sessions.get(row.id) ?? sessionOf(row);
      const { thread_id: threadId, acked_seq: ackedSeq, last_seq: lastSeq } = row;
      const threads = threadId === null || lastSeq === null ? [] : [{ threadId, ackedSeq, lastSeq }];
      sessions.set(row.id, { ...known, threads: [...known.threads, ...threads] });
    }
    return sessions;
  }
}

const sessionOf = (row: Row): RecoverableSession => ({
  sessionId: row.id,
  disconnectedAt: row.disconnected_at,
  recoverableUntil: row.recoverable_until,
  followsAll: row.follows_all,
  threads: [],
});

const ADD = `
  WITH told AS (
    SELECT id, follows_all, is_open FROM unnest($1::uuid[], $2::boolean[], $3::boolean[]) AS t (id, follows_all, is_open)
  ), marked AS (
    UPDATE session s SET follows_all = coalesce(t.follows_all, s.follows_all), recoverable_until = $5,
      disconnected_at = CASE WHEN NOT t.is_open THEN $4::timestamptz END,
      connected_to = CASE WHEN t.is_open THEN ARRAY[$11::uuid] ELSE '{}' END
        || ARRAY(SELECT p.id FROM server_process p WHERE p.id = ANY(s.connected_to) AND p.id <> $11::uuid)
    FROM told t WHERE s.id = t.id
    RETURNING s.id, s.user_id, s.tenant_id
  ), dropped AS (
    DELETE FROM session_position p USING unnest($9::uuid[], $10::uuid[]) AS u (session_id, thread_id)
    WHERE p.session_id = u.session_id AND p.thread_id = u.thread_id
  )
  INSERT INTO session_position (session_id, thread_id, acked_seq, updated_at)
  SELECT m.id, t.id, n.seq, $4 FROM unnest($6::uuid[], $7::uuid[], $8::bigint[]) AS n (session_id, thread_id, seq)
  JOIN marked m ON m.id = n.session_id JOIN thread t ON t.id = n.thread_id AND t.user_id = m.user_id AND t.tenant_id = m.tenant_id
  ON CONFLICT (session_id, thread_id) DO UPDATE
    SET acked_seq = greatest(session_position.acked_seq, excluded.acked_seq), updated_at = excluded.updated_at`;

const READ = `
  SELECT s.id, CASE
      WHEN EXISTS (SELECT 1 FROM server_process p WHERE p.id = ANY(s.connected_to) AND ${PROCESS_IS_ALIVE}) THEN NULL
      -- Where it was killed: when it was seen last.
      ELSE coalesce(greatest(s.disconnected_at, (SELECT max(p.seen_at) FROM server_process p WHERE p.id = ANY(s.connected_to))), $4::timestamptz)
    END AS disconnected_at, s.recoverable_until, s.follows_all, p.thread_id, p.acked_seq, p.last_seq FROM session s
  LEFT JOIN LATERAL (
    SELECT t.id AS thread_id, greatest(stored.acked_seq, CASE WHEN ahead.seq > t.last_seq THEN t.last_seq ELSE ahead.seq END) AS acked_seq, t.last_seq
    FROM (SELECT thread_id, acked_seq, updated_at FROM session_position WHERE session_id = s.id) stored
    FULL JOIN (
      SELECT a.thread_id, a.seq, a.written_at
      FROM unnest($5::uuid[], $6::uuid[], $7::bigint[], $8::timestamptz[]) AS a (session_id, thread_id, seq, written_at)
      WHERE a.session_id = s.id
    ) ahead ON ahead.thread_id = stored.thread_id
    JOIN thread t ON t.id = coalesce(stored.thread_id, ahead.thread_id)
      AND t.user_id = s.user_id AND t.tenant_id = s.tenant_id AND t.deleted_at IS NULL
    -- Otherwise it was unfollowed since, and the cache was not there to hear it.
    WHERE stored.thread_id IS NOT NULL OR ahead.written_at > s.recoverable_until - $9::bigint * interval '1 millisecond'
    ORDER BY stored.updated_at DESC NULLS FIRST, t.id LIMIT ${THREADS_SHOWN}
  ) p ON true
  WHERE s.id = ANY($1::uuid[]) AND s.user_id = $2 AND s.tenant_id = $3 AND s.recoverable_until > $4`;
