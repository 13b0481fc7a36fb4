import type { WireThread } from '@goldenpath/protocol';

/** A thread as queries read it, with THREAD_COLUMNS. */
export interface ThreadRow {
  readonly id: string;
  readonly title: string;
  readonly created_at: Date;
  readonly updated_at: Date;
  readonly last_seq: number;
  readonly message_count: number;
  readonly active_run_id: string | null;
}

/** Of `thread t`. The live run is found by run_one_live_per_thread. */
export const THREAD_COLUMNS = `t.id, t.title, t.created_at, t.updated_at, t.last_seq, t.message_count,
  (SELECT r.id FROM run r WHERE r.thread_id = t.id AND r.state IN ('starting','running','completing')) AS active_run_id`;

export function wireThread(row: ThreadRow): WireThread {
  return {
    id: row.id,
    // A thread that nobody named yet has an empty title in its row.
    title: row.title === '' ? null : row.title,
    created_at: row.created_at.toISOString(),
    updated_at: row.updated_at.toISOString(),
    last_seq: row.last_seq,
    message_count: row.message_count,
    ...(row.active_run_id === null ? {} : { active_run_id: row.active_run_id }),
  };
}
