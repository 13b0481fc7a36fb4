import { Injectable } from '@nestjs/common';
import { Database } from '../persistence/database.js';
import type { Sql } from '../persistence/sql.js';
import { STALLED_THREAD } from './stalled-thread.js';

/** A final event that nobody has, long enough after it was stored. */
export interface UnseenFinal {
  readonly run_id: string;
  readonly thread_id: string;
  readonly seq: number;
  /** Somebody is there, and did not get it. */
  readonly is_held_back: boolean;
}

/** The ledger is written a second behind what was sent. */
const LEDGER_BEHIND_S = 2;
/** More runs than these end in no time between two looks; what is left over is looked at the next time. */
const RUNS_MAX = 10_000;

/**
 * Finds final events that nobody was shown in time, each once over all processes. What is to be looked at stands in the
 * database: a process that is killed takes none of it along. All times are the database's.
 */
@Injectable()
export class UnseenFinals {
  constructor(private readonly database: Database) {}

  /** Those that were stored more than so many seconds ago and not looked at yet; none while another process looks. */
  take(withinS: number): Promise<UnseenFinal[]> {
    return this.database.transaction(async (sql) => {
      const stretch = await nextStretch(sql, withinS);
      return stretch === undefined ? [] : sql.rows<UnseenFinal>(LOOK, [stretch.since, stretch.until, RUNS_MAX]);
    });
  }
}

/** As texts: a Date has no microseconds. */
interface Stretch {
  readonly since: string;
  readonly until: string;
}

/**
 * What comes after what was looked at. A mark of the future is from before the database's clock was set back; one that is
 * merely ahead of this process's is of another that waits for less long.
 */
const nextStretch = (sql: Sql, withinS: number): Promise<Stretch | undefined> =>
  sql.row<Stretch>(
    `SELECT CASE WHEN finals_watched_until > now() THEN late.at ELSE finals_watched_until END::text AS since,
       CASE WHEN finals_watched_until > now() THEN late.at ELSE greatest(late.at, finals_watched_until) END::text AS until
     FROM installation, (SELECT now() - make_interval(secs => $1) AS at) late WHERE id = 1 FOR UPDATE OF installation SKIP LOCKED`,
    [withinS + LEDGER_BEHIND_S],
  );

/** Moves the mark over the stretch. Uses run_ended, run_event_pkey backwards, run_delivery_pkey and run_delivery_thread. */
const LOOK = `
  WITH ended AS (
    SELECT id, thread_id, first_seq, finished_at FROM run WHERE finished_at > $1::timestamptz AND finished_at <= $2::timestamptz
    ORDER BY finished_at FETCH FIRST ($3::int) ROWS WITH TIES
  ), looked AS (
    UPDATE installation SET finals_watched_until =
      (SELECT CASE WHEN count(*) < $3::int THEN $2::timestamptz ELSE max(finished_at) END FROM ended)
    WHERE id = 1
  )
  SELECT r.id AS run_id, r.thread_id, final.seq,
    EXISTS (SELECT 1 FROM run_delivery d WHERE d.run_id = r.id AND d.failed_seq >= final.seq)
      OR EXISTS (SELECT 1 FROM run_delivery d WHERE d.thread_id = r.thread_id AND ${STALLED_THREAD}) AS is_held_back
  FROM ended r CROSS JOIN LATERAL (
    SELECT e.seq FROM run_event e WHERE e.thread_id = r.thread_id AND e.seq >= r.first_seq AND e.run_id = r.id
    ORDER BY e.seq DESC LIMIT 1
  ) final
  WHERE NOT EXISTS (
    SELECT 1 FROM run_delivery d
    WHERE d.run_id = r.id AND (final.seq BETWEEN d.first_seq AND d.sent_seq OR final.seq <= d.acked_seq)
  )
  ORDER BY r.finished_at`;
