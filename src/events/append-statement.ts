import { jsonArray } from '../persistence/binary-array.js';
import type { Sql, SqlParameter } from '../persistence/sql.js';
import type { AgentResultRow, Append, ToolCallRow } from './event-append.js';

/** What became of each event of a batch: its seq, or undefined where the fence held it off. In the order of the batch. */
export type AppendedSeqs = readonly (number | undefined)[];

/**
 * Appends a batch in one statement, so that no lock waits for a round trip: shares the runs (fence, lock order run then
 * thread), advances each thread's last_seq, inserts events and effects. A run that another epoch owns contributes nothing,
 * nor does one for which a later round was begun.
 */
export async function appendBatch(sql: Sql, batch: readonly Append[], round: number): Promise<AppendedSeqs> {
  const effects = batch.some((append) => append.effects !== undefined);
  const rows = await sql.rows<{ event_id: string; seq: number }>(
    effects ? APPEND_WITH_EFFECTS : APPEND,
    effects ? [...eventParameters(batch, round), ...effectParameters(batch)] : eventParameters(batch, round),
  );
  const seqs = new Map(rows.map((row) => [row.event_id, row.seq]));
  return batch.map(({ event }) => seqs.get(event.eventId));
}

/**
 * Appends a batch whose first try may have been stored, inside a transaction. That try may even still be at work, in a
 * session that has not noticed the loss of its client: it holds its runs, so taking them waits for its end. Or it may
 * get to one only later: it is of an earlier round, and stores nothing.
 */
export async function appendAgain(sql: Sql, batch: readonly Append[], round: number): Promise<AppendedSeqs> {
  await sql.execute(BEGIN_ROUND, [batch.map(({ fence }) => fence.runId), batch.map(({ fence }) => fence.epoch), round]);
  const found = await readBack(sql, batch);
  return found.some((seq) => seq !== undefined) ? found : appendBatch(sql, batch, round);
}

/** Which of these events are in the log. Uses run_event_pkey by thread. */
export async function readBack(sql: Sql, batch: readonly Append[]): Promise<AppendedSeqs> {
  const rows = await sql.rows<{ event_id: string; seq: number }>(
    `SELECT event_id, seq FROM run_event WHERE thread_id = ANY($1::uuid[]) AND event_id = ANY($2::uuid[])`,
    [[...new Set(batch.map((append) => append.threadId))], batch.map(({ event }) => event.eventId)],
  );
  const seqs = new Map(rows.map((row) => [row.event_id, row.seq]));
  return batch.map(({ event }) => seqs.get(event.eventId));
}

/** Takes runs in the order in which appends take them. One that another epoch owns goes by the rounds of its owner. */
const BEGIN_ROUND = `
  WITH owned AS (
    SELECT id FROM run
    WHERE id = ANY($1::uuid[]) AND (id, epoch) IN (SELECT run_id, epoch FROM unnest($1::uuid[], $2::int[]) AS f (run_id, epoch))
    ORDER BY id FOR NO KEY UPDATE
  ) UPDATE run r SET append_round = $3 FROM owned WHERE r.id = owned.id`;

const EVENTS = `
  WITH input AS (
    SELECT run_id, epoch, event_id, type, payload, ord
    FROM unnest($1::uuid[], $2::int[], $3::uuid[], $4::text[], $5::json[]) WITH ORDINALITY AS i (run_id, epoch, event_id, type, payload, ord)
  ), owned AS (
    SELECT r.id, r.epoch, r.thread_id, r.tenant_id, r.user_id FROM run r
    WHERE r.id = ANY($6::uuid[]) AND (r.id, r.epoch) IN (SELECT run_id, epoch FROM input) AND r.append_round <= $7
    ORDER BY r.id FOR SHARE
  ), counted AS (
    SELECT o.thread_id, count(*) AS n FROM input i JOIN owned o ON o.id = i.run_id AND o.epoch = i.epoch GROUP BY o.thread_id
  ), advanced AS (
    UPDATE thread t SET last_seq = t.last_seq + c.n FROM counted c WHERE t.id = c.thread_id
    RETURNING t.id, t.last_seq - c.n AS base
  ), inserted AS (
    INSERT INTO run_event (thread_id, seq, run_id, epoch, event_id, type, payload)
    SELECT a.id, a.base + row_number() OVER (PARTITION BY a.id ORDER BY i.ord), i.run_id, i.epoch, i.event_id, i.type, i.payload
    FROM input i JOIN owned o ON o.id = i.run_id AND o.epoch = i.epoch JOIN advanced a ON a.id = o.thread_id
    RETURNING event_id, seq
  )`;

const APPEND = `${EVENTS} SELECT event_id, seq FROM inserted`;

const APPEND_WITH_EFFECTS = `${EVENTS}, called AS (
    INSERT INTO tool_call (id, run_id, tenant_id, user_id, path, tool, conversation, parameters, success, result, error, retry_of, execution_time_ms, created_at)
    SELECT c.id, o.id, o.tenant_id, o.user_id, c.path, c.tool, c.conversation, c.parameters, c.success, c.result, c.error, c.retry_of, c.execution_time_ms, now()
    FROM unnest($8::uuid[], $9::int[], $10::uuid[], $11::text[], $12::text[], $13::int[], $14::json[], $15::boolean[], $16::json[], $17::json[], $18::uuid[], $19::int[])
      AS c (run_id, epoch, id, path, tool, conversation, parameters, success, result, error, retry_of, execution_time_ms)
    JOIN owned o ON o.id = c.run_id AND o.epoch = c.epoch
  ), concluded AS (
    INSERT INTO agent_result (run_id, path, tenant_id, user_id, agent, status, result, attempt, execution_time_ms, created_at)
    SELECT o.id, a.path, o.tenant_id, o.user_id, a.agent, a.status, a.result, a.attempt, a.execution_time_ms, now()
    FROM unnest($20::uuid[], $21::int[], $22::text[], $23::text[], $24::text[], $25::json[], $26::int[], $27::int[])
      AS a (run_id, epoch, path, agent, status, result, attempt, execution_time_ms)
    JOIN owned o ON o.id = a.run_id AND o.epoch = a.epoch
  ) SELECT event_id, seq FROM inserted`;

function eventParameters(batch: readonly Append[], round: number): SqlParameter[] {
  return [
    batch.map(({ fence }) => fence.runId),
    batch.map(({ fence }) => fence.epoch),
    batch.map(({ event }) => event.eventId),
    batch.map(({ event }) => event.type),
    jsonArray(batch.map(({ event }) => event.payload)),
    [...new Set(batch.map(({ fence }) => fence.runId))],
    round,
  ];
}

type Fenced<Row> = Row & { readonly runId: string; readonly epoch: number };

function effectParameters(batch: readonly Append[]): SqlParameter[] {
  const calls = batch.flatMap(({ fence, effects }): Fenced<ToolCallRow>[] =>
    effects?.toolCall === undefined ? [] : [{ ...fence, ...effects.toolCall }],
  );
  const agents = batch.flatMap(({ fence, effects }): Fenced<AgentResultRow>[] =>
    effects?.agentResult === undefined ? [] : [{ ...fence, ...effects.agentResult }],
  );
  return [
    calls.map(({ runId }) => runId),
    calls.map(({ epoch }) => epoch),
    calls.map(({ id }) => id),
    calls.map(({ path }) => path),
    calls.map(({ tool }) => tool),
    calls.map(({ conversation }) => conversation),
    jsonArray(calls.map(({ parameters }) => parameters)),
    calls.map(({ success }) => success),
    jsonArray(calls.map(({ result }) => result)),
    jsonArray(calls.map(({ error }) => error)),
    calls.map(({ retryOf }) => retryOf),
    calls.map(({ executionTimeMs }) => executionTimeMs),
    agents.map(({ runId }) => runId),
    agents.map(({ epoch }) => epoch),
    agents.map(({ path }) => path),
    agents.map(({ agent }) => agent),
    agents.map(({ status }) => status),
    jsonArray(agents.map(({ result }) => result)),
    agents.map(({ attempt }) => attempt),
    agents.map(({ executionTimeMs }) => executionTimeMs),
  ];
}
