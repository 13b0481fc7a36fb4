import type { Cluster } from './cluster.js';
import type { StoredLogEvent, StoredRun, StoredThread } from './history.js';

export interface StoredHistory {
  readonly threads: readonly StoredThread[];
  readonly runs: readonly StoredRun[];
  readonly log: readonly StoredLogEvent[];
}

/** Reads what a database holds, past the server. */
export async function storedHistory(cluster: Cluster, databaseUrl: string): Promise<StoredHistory> {
  const threads = await cluster.rows<{ id: string; user_id: string; last_seq: string }>(
    databaseUrl,
    'SELECT id, user_id, last_seq FROM thread',
  );
  const runs = await cluster.rows<RunColumns>(
    databaseUrl,
    'SELECT id, user_id, thread_id, message_id, state, epoch FROM run',
  );
  const log = await cluster.rows<LogColumns>(
    databaseUrl,
    'SELECT thread_id, seq, run_id, epoch, payload::text AS text FROM run_event ORDER BY thread_id, seq',
  );
  return {
    threads: threads.map(({ id, user_id, last_seq }) => ({ id, userId: user_id, lastSeq: Number(last_seq) })),
    runs: runs.map(({ user_id, thread_id, message_id, ...run }) => ({
      ...run,
      ...{ userId: user_id, threadId: thread_id, messageId: message_id },
    })),
    log: log.map(({ thread_id, seq, run_id, epoch, text }) => ({
      ...{ threadId: thread_id, seq: Number(seq), text },
      ...{ runId: run_id ?? undefined, epoch: epoch ?? undefined },
    })),
  };
}

interface RunColumns {
  id: string;
  user_id: string;
  thread_id: string;
  message_id: string;
  state: string;
  epoch: number;
}

interface LogColumns {
  thread_id: string;
  seq: string;
  run_id: string | null;
  epoch: number | null;
  text: string;
}
