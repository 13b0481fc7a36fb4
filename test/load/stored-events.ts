import type { Database } from '../../src/persistence/database.js';
import { Ids } from '../../src/telemetry/ids.js';

const REASONING = 'The largest share of the spend went to one model, most of it for a single feature. '
  .repeat(2)
  .trim();

export interface StoredThread {
  readonly userId: string;
  readonly threadId: string;
}

/** The text of an agent_thinking as it stands in the log, about 450 bytes. */
export function thoughtOf({ userId, threadId }: StoredThread): string {
  return JSON.stringify({
    type: 'agent_thinking',
    event_id: new Ids().next(),
    thread_id: threadId,
    user_id: userId,
    timestamp: new Date().toISOString(),
    run_id: new Ids().next(),
    agent: 'data',
    agent_path: ['supervisor', 'data'],
    step: 1,
    reasoning: REASONING,
  });
}

/** Threads of so many events each, straight into the tables: `threadsEach` for each of these users. */
export async function storeEvents(
  database: Database,
  userIds: readonly string[],
  { threadsEach, eventsEach }: { threadsEach: number; eventsEach: number },
): Promise<StoredThread[]> {
  const ids = new Ids();
  const threads = userIds.flatMap((userId) =>
    Array.from({ length: threadsEach }, () => ({ userId, threadId: ids.next() })),
  );
  for (const { userId, threadId } of threads) {
    await database.execute(
      `INSERT INTO thread (id, tenant_id, user_id, title, last_seq, created_at, updated_at)
       SELECT $2, tenant_id, id, 'stored before', $3, now(), now() FROM user_account WHERE id = $1`,
      [userId, threadId, eventsEach],
    );
    await database.execute(
      `INSERT INTO run_event (thread_id, seq, event_id, type, payload)
       SELECT $1, n, gen_random_uuid(), 'agent_thinking', $2::json FROM generate_series(1, $3::int) n`,
      [threadId, thoughtOf({ userId, threadId }), eventsEach],
    );
  }
  // What the server's own housekeeping would otherwise do during the measurement.
  await database.execute('VACUUM (ANALYZE) run_event');
  await database.execute('CHECKPOINT');
  return threads;
}
