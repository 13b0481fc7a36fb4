import { checkRunGrammar, type ThreadEvent } from '@goldenpath/protocol';
import type { JsonObject } from '../../src/context/json.js';
import type { Sql } from '../../src/persistence/sql.js';
import { until } from './until.js';

/** The stored log of a thread, as clients see it. */
export async function storedEvents(sql: Sql, threadId: string): Promise<ThreadEvent[]> {
  const rows = await sql.rows<{ seq: number; payload: string }>(
    'SELECT seq, payload FROM run_event WHERE thread_id = $1 ORDER BY seq',
    [threadId],
  );
  // Written by the server itself: the grammar check is what looks at it.
  return rows.map(({ seq, payload }) => ({ seq, ...(JSON.parse(payload) as JsonObject) }) as unknown as ThreadEvent);
}

/** What is wrong with the stored log of a thread: gaps, breaches of the grammar, an end without an answer. */
export async function logFaults(sql: Sql, threadId: string): Promise<string[]> {
  const events = await storedEvents(sql, threadId);
  const faults = checkRunGrammar(events);
  events.forEach(({ seq }, index) => {
    if (seq !== index + 1) faults.push(`seq ${seq} stands at place ${index + 1}`);
  });
  const [thread] = await sql.rows<{ last_seq: number }>('SELECT last_seq FROM thread WHERE id = $1', [threadId]);
  if (thread?.last_seq !== events.length) faults.push(`last_seq is ${thread?.last_seq}, of ${events.length} events`);
  return faults;
}

/** Waits until a run is over; answers its state. */
export async function runEnd(sql: Sql, runId: string, timeoutMs = 15_000): Promise<string> {
  return until(
    async () => {
      const row = await sql.row<{ state: string }>(
        `SELECT state FROM run WHERE id = $1 AND state NOT IN ('pending','starting','running','completing')`,
        [runId],
      );
      return row?.state;
    },
    { timeoutMs, message: `the end of run ${runId}` },
  );
}

/** Events in short, in order: type, agent and what tells them apart. */
export const inShort = (events: readonly ThreadEvent[]): string[] =>
  events.map((event) => {
    switch (event.type) {
      case 'agent_started':
      case 'agent_thinking':
      case 'agent_error':
        return `${event.type} ${event.agent_path.join('/')}`;
      case 'agent_completed':
        return `${event.type} ${event.agent_path.join('/')} ${event.status}`;
      case 'tool_executing':
        return `${event.type} ${event.tool}`;
      case 'tool_completed':
        return `${event.type} ${event.tool} ${event.success ? 'ok' : event.error.code}`;
      default:
        return event.type;
    }
  });
