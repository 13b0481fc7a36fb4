import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { appendBatch } from '../../src/events/append-statement.js';
import { LostRunError } from '../../src/events/lost-run-error.js';
import type { ToolCallRow } from '../../src/events/event-append.js';
import { ThreadHub, type ThreadBatch } from '../../src/events/thread-hub.js';
import { RunClaims } from '../../src/runs/run-claims.js';
import { Ids } from '../../src/telemetry/ids.js';
import { createTestDatabase, openDatabase, type OpenDatabase, type TestDatabase } from '../support/database.js';
import { append, liveRun, newEventLog, storedRows, type LiveRun } from '../support/event-log.js';
import { until } from '../support/until.js';

let store: TestDatabase;
let open: OpenDatabase;

beforeAll(async () => {
  store = await createTestDatabase();
  open = await openDatabase(store.url);
});
afterAll(async () => {
  await open.close();
  await store.drop();
});

const runs = (count: number): Promise<LiveRun[]> =>
  Promise.all(Array.from({ length: count }, () => liveRun(open.database)));
const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);

const toolCall = (line: string): ToolCallRow => ({
  id: new Ids().next(),
  path: 'supervisor',
  tool: 'write_line',
  conversation: 0,
  parameters: '{}',
  success: true,
  result: JSON.stringify({ line }),
  error: null,
  retryOf: null,
  executionTimeMs: 1,
});

describe('the event log', () => {
  it('counts 1, 2, 3 … in every thread, whoever appends: 100 writers in 20 threads', async () => {
    const log = newEventLog(open.database);
    const threads = await runs(20);
    const seqs = new Map<string, number[]>(threads.map(({ threadId }) => [threadId, []]));
    const writers = Array.from({ length: 100 }, async (_, writer) => {
      const run = threads[writer % threads.length];
      if (run === undefined) throw new Error('no thread');
      for (let count = 0; count < 30; count += 1) seqs.get(run.threadId)?.push(await log.append(append(run)));
    });
    await Promise.all(writers);
    for (const { threadId } of threads) {
      const rows = await storedRows(open.database, threadId);
      expect(rows.map(({ seq }) => seq)).toEqual(upTo(150));
      expect(new Set(rows.map(({ event_id: id }) => id)).size).toBe(150);
      expect(seqs.get(threadId)?.sort((left, right) => left - right)).toEqual(upTo(150));
    }
  });

  it('keeps the order in which one writer appends without waiting', async () => {
    const log = newEventLog(open.database);
    const run = await liveRun(open.database);
    await Promise.all(upTo(2_500).map((place) => log.append(append(run, `{"place":${place}}`))));
    const rows = await storedRows(open.database, run.threadId);
    expect(rows.map(({ payload }) => payload)).toEqual(upTo(2_500).map((place) => `{"place":${place}}`));
  });

  it('publishes what it stored, in order, and only then resolves', async () => {
    const hub = new ThreadHub();
    const run = await liveRun(open.database);
    const heard: ThreadBatch[] = [];
    hub.followThread(run.threadId, {
      onEvents: (batch) => heard.push(batch),
      onHead: () => undefined,
      onNotice: () => undefined,
    });
    const seq = await newEventLog(open.database, hub).append(append(run, '{"a":1}'));
    expect(heard).toEqual([{ threadId: run.threadId, userId: run.userId, events: [{ seq, text: '{"a":1}' }] }]);
  });

  it('stores nothing twice when a listener fails', async () => {
    const hub = new ThreadHub();
    const [run, other] = await runs(2);
    if (run === undefined || other === undefined) throw new Error('no runs');
    hub.followThread(run.threadId, {
      onEvents: () => {
        throw new Error('listener');
      },
      onHead: () => undefined,
      onNotice: () => undefined,
    });
    const log = newEventLog(open.database, hub);
    expect(await Promise.all([log.append(append(run)), log.append(append(run)), log.append(append(other))])).toEqual([
      1, 2, 1,
    ]);
    expect(await storedRows(open.database, run.threadId)).toHaveLength(2);
  });

  it('gives back every payload byte for byte', async () => {
    const log = newEventLog(open.database);
    const run = await liveRun(open.database);
    const payloads = [
      '{"b":1,"a":2,"b":3}',
      '{"nul":"\\u0000","half":"\\ud800","slash":"\\/"}',
      '{"huge":1e400,"precise":0.1000000000000000055511151231257827,"integer":123456789012345678901234567890}',
      '{ "spaced" : [ 1 ,2 ] , "text":"ä\u2028😀" }',
    ];
    for (const payload of payloads) await log.append(append(run, payload));
    const page = await log.page(run, { threadId: run.threadId, afterSeq: 0, limit: 10 });
    expect(page.map(({ text }) => text)).toEqual(payloads);
  });

  it('shows a page of a thread to its user only', async () => {
    const log = newEventLog(open.database);
    const [run, other] = await runs(2);
    if (run === undefined || other === undefined) throw new Error('no runs');
    await log.append(append(run));
    const range = { threadId: run.threadId, afterSeq: 0, limit: 10 };
    expect(await log.page(run, range)).toHaveLength(1);
    expect(await log.page(other, range)).toEqual([]);
    expect(await log.page({ ...run, tenantId: other.tenantId }, range)).toEqual([]);
  });
});

describe('the fence of the event log', () => {
  it('holds an earlier attempt off, alone and among others, with everything it would have written', async () => {
    const log = newEventLog(open.database);
    const [run, other] = await runs(2);
    if (run === undefined || other === undefined) throw new Error('no runs');
    await open.database.execute('UPDATE run SET epoch = 2 WHERE id = $1', [run.runId]);
    const call = toolCall('stale');
    const batch = [
      log.append(append(other, '{"n":1}')),
      log.append(append(run, '{"stale":true}', { toolCall: call })),
      log.append(append({ ...run, epoch: 2 }, '{"n":2}')),
      log.append(append(run, '{"stale":true}')),
      log.append(append(other, '{"n":3}')),
    ];
    const outcomes = await Promise.allSettled(batch);
    expect(outcomes.map((outcome) => (outcome.status === 'fulfilled' ? outcome.value : 'lost'))).toEqual([
      1,
      'lost',
      1,
      'lost',
      2,
    ]);
    await expect(log.append(append(run))).rejects.toBeInstanceOf(LostRunError);
    expect((await storedRows(open.database, run.threadId)).map(({ payload }) => payload)).toEqual(['{"n":2}']);
    expect(await open.database.rows('SELECT 1 FROM tool_call WHERE id = $1', [call.id])).toEqual([]);
  });
});

describe('what becomes true together with an event', () => {
  it('is stored with it: the call of a tool, the result of an agent', async () => {
    const log = newEventLog(open.database);
    const run = await liveRun(open.database);
    const call = toolCall('kept');
    const result = { path: 'supervisor/data', agent: 'data', status: 'completed', attempt: 1, executionTimeMs: 5 };
    await Promise.all([
      log.append(append(run, '{"n":1}', { toolCall: call })),
      log.append(append(run, '{"n":2}', { agentResult: { ...result, result: '{"b":1,"a":2}' } })),
    ]);
    expect(await open.database.row('SELECT run_id, user_id, result FROM tool_call WHERE id = $1', [call.id])).toEqual({
      run_id: run.runId,
      user_id: run.userId,
      result: '{"line":"kept"}',
    });
    expect(await open.database.rows('SELECT path, result FROM agent_result WHERE run_id = $1', [run.runId])).toEqual([
      { path: 'supervisor/data', result: '{"b":1,"a":2}' },
    ]);
  });

  it('is not stored without it, nor it without that: a bad row fails alone', async () => {
    const log = newEventLog(open.database);
    const threads = await runs(4);
    const bad = { ...toolCall('bad'), result: 'no json' };
    const outcomes = await Promise.allSettled(
      threads.flatMap((run, index) => [
        log.append(append(run, '{"n":1}')),
        log.append(
          index === 1
            ? append(run, '{"n":2}', { toolCall: bad })
            : append(run, index === 2 ? 'no json' : '{"n":2}', { toolCall: toolCall('good') }),
        ),
      ]),
    );
    expect(outcomes.map(({ status }) => status === 'fulfilled')).toEqual([
      true,
      true,
      true,
      false,
      true,
      false,
      true,
      true,
    ]);
    const counts = await Promise.all(
      threads.map(async ({ threadId, runId }) => [
        (await storedRows(open.database, threadId)).length,
        (await open.database.rows('SELECT 1 FROM tool_call WHERE run_id = $1', [runId])).length,
      ]),
    );
    expect(counts).toEqual([
      [2, 1],
      [1, 0],
      [1, 0],
      [2, 1],
    ]);
  });
});

describe('transactions that append', () => {
  it('leave no gap between themselves and what runs append meanwhile', async () => {
    const log = newEventLog(open.database);
    const run = await liveRun(open.database);
    const rename = (title: string) =>
      log.transaction((transaction) =>
        transaction.appendThreadEvent(run, run.threadId, { type: 'thread_updated', fields: { title } }),
      );
    const seqs = await Promise.all(
      upTo(60).map((place) => (place % 3 === 0 ? rename(`title ${place}`) : log.append(append(run)))),
    );
    expect([...seqs].sort((left, right) => Number(left) - Number(right))).toEqual(upTo(60));
    expect((await storedRows(open.database, run.threadId)).map(({ seq }) => seq)).toEqual(upTo(60));
  });

  it('leave none when they are rolled back, and publish nothing then', async () => {
    const hub = new ThreadHub();
    const run = await liveRun(open.database);
    const heard: number[] = [];
    hub.followThread(run.threadId, {
      onEvents: ({ events }) => heard.push(...events.map(({ seq }) => seq)),
      onHead: () => undefined,
      onNotice: () => undefined,
    });
    const log = newEventLog(open.database, hub);
    const failing = log.transaction(async (transaction) => {
      await transaction.appendThreadEvent(run, run.threadId, { type: 'thread_updated', fields: {} });
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    await log.append(append(run));
    expect(heard).toEqual([1]);
  });
});

describe('appends and lease renewals', () => {
  it('never wait for each other in a circle: both take their runs in the same order', async () => {
    const three = (await runs(3)).sort((left, right) => (left.runId < right.runId ? -1 : 1));
    const blocker = new pg.Client({ connectionString: store.url });
    await blocker.connect();
    await blocker.query('BEGIN');
    await blocker.query('SELECT 1 FROM run WHERE id = $1 FOR UPDATE', [three[1]?.runId]);
    const waiting = async (count: number) => {
      const row = await open.database.row<{ count: number }>(
        `SELECT count(*)::int AS count FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
      );
      return row?.count === count;
    };
    try {
      const appending = appendBatch(
        open.database,
        three.map((run) => append(run)),
        0,
      );
      await until(() => waiting(1), { message: 'the append to wait in the middle' });
      const renewing = new RunClaims(open.database).renew([...three].reverse());
      await until(() => waiting(2), { message: 'the renewal to wait, too' });
      await blocker.query('COMMIT');
      expect(await appending).toEqual([1, 1, 1]);
      expect(await renewing).toHaveLength(3);
    } finally {
      await blocker.end();
    }
  });
});
