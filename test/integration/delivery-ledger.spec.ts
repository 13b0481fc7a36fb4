import { setImmediate as turn } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { loadConfiguration } from '../../src/config/load-configuration.js';
import type { Reader } from '../../src/events/connection-delivery.js';
import { DeliveryLedger } from '../../src/events/delivery-ledger.js';
import type { FrameSink } from '../../src/events/frame-sink.js';
import { Metrics } from '../../src/monitor/metrics.js';
import type { Database } from '../../src/persistence/database.js';
import { databaseUnavailable } from '../../src/persistence/database-error.js';
import { Clock } from '../../src/telemetry/clock.js';
import { Ids } from '../../src/telemetry/ids.js';
import { Logger } from '../../src/telemetry/logger.js';
import { createTestDatabase, openDatabase, type OpenDatabase, type TestDatabase } from '../support/database.js';

let store: TestDatabase;
let open: OpenDatabase;
const ids = new Ids();

beforeAll(async () => {
  store = await createTestDatabase();
  open = await openDatabase(store.url);
});
afterAll(async () => {
  await open.close();
  await store.drop();
});

class FakeSink implements FrameSink {
  isOpen = true;
  bufferedBytes = 0;
  send(): void {
    // What is sent does not matter here.
  }
}

/** A ledger, and how many transactions it made. */
function newLedger(): {
  ledger: DeliveryLedger;
  metrics: Metrics;
  transactions: () => number;
  fail: (times: number) => void;
} {
  let transactions = 0;
  let failures = 0;
  const counting = new Proxy(open.database, {
    get(target, name: keyof Database) {
      if (name !== 'transaction') return target[name].bind(target);
      return (work: Parameters<Database['transaction']>[0]) => {
        transactions += 1;
        if (failures-- > 0) return Promise.reject(databaseUnavailable('is away'));
        return target.transaction(work);
      };
    },
  });
  const metrics = new Metrics();
  const ledger = new DeliveryLedger(counting, metrics, loadConfiguration({}), new Clock(), new Logger('silent'));
  return { ledger, metrics, transactions: () => transactions, fail: (times) => (failures = times) };
}

const newReader = (): Reader => ({
  tenantId: ids.next(),
  userId: ids.next(),
  connectionId: ids.next(),
  door: 'socket',
});
const event = (runId: string, seq: number) => ({ seq, text: JSON.stringify({ type: 'agent_started', run_id: runId }) });

interface Row {
  sent_seq: number | null;
  sent_count: number;
  failed_seq: number | null;
  failed_count: number;
  last_error: string | null;
  closed: boolean;
}
const rowOf = (runId: string): Promise<Row | undefined> =>
  open.database.row<Row>(
    `SELECT sent_seq, sent_count, failed_seq, failed_count, last_error, closed_at IS NOT NULL AS closed FROM run_delivery WHERE run_id = $1`,
    [runId],
  );

describe('the delivery ledger', () => {
  it('writes what many connections were sent in few transactions, and adds what comes later', async () => {
    const { ledger, transactions } = newLedger();
    const runId = ids.next();
    const threadId = ids.next();
    const readers = Array.from({ length: 300 }, () => ledger.open(newReader(), new FakeSink()));
    const send = async (from: number, to: number): Promise<void> => {
      for (const reader of readers) {
        for (let seq = from; seq <= to; seq += 1) reader.handed(threadId, event(runId, seq), 0);
      }
      await turn();
      await ledger.write();
    };
    await send(1, 20);
    expect(transactions()).toBe(2);
    await send(21, 25);
    expect(transactions()).toBe(4);
    await ledger.write();
    expect(transactions()).toBe(4);
    const sums = await open.database.row(
      `SELECT count(*) AS rows, sum(sent_count)::int AS sent, min(sent_seq) AS seq, max(first_seq) AS first FROM run_delivery WHERE run_id = $1`,
      [runId],
    );
    expect(sums).toEqual({ rows: 300, sent: 300 * 25, seq: 25, first: 1 });
  });

  it('counts nothing twice and loses nothing when a write fails', async () => {
    const { ledger, fail } = newLedger();
    const runId = ids.next();
    const reader = ledger.open(newReader(), new FakeSink());
    reader.handed(ids.next(), event(runId, 1), 0);
    await turn();
    fail(2);
    await ledger.write();
    reader.handed(ids.next(), event(runId, 2), 0);
    await turn();
    await ledger.write();
    expect(await rowOf(runId)).toBeUndefined();
    await ledger.write();
    await ledger.write();
    expect(await rowOf(runId)).toMatchObject({ sent_seq: 2, sent_count: 2 });
  });

  it('never claims what has not left: what a connection ends with counts as failed', async () => {
    const { ledger, metrics } = newLedger();
    const runId = ids.next();
    const sink = new FakeSink();
    const reader = ledger.open(newReader(), sink);
    reader.handed(ids.next(), event(runId, 1), 0);
    await turn();
    sink.bufferedBytes = 100;
    reader.handed(ids.next(), event(runId, 2), 0);
    await turn();
    await ledger.write();
    expect(await rowOf(runId)).toMatchObject({ sent_seq: 1, sent_count: 1, failed_seq: null, closed: false });
    sink.isOpen = false;
    sink.bufferedBytes = 0;
    ledger.close(reader);
    await ledger.write();
    expect(await rowOf(runId)).toEqual({
      ...{ sent_seq: 1, sent_count: 1, failed_seq: 2, failed_count: 1 },
      ...{ last_error: 'closed_with_unsent', closed: true },
    });
    expect([metrics.sent.count('agent_started'), metrics.failed.count('agent_started')]).toEqual([1, 1]);
  });

  it('writes what others were sent when a record of one connection is refused, and drops that one, counted', async () => {
    const { ledger, metrics } = newLedger();
    const [refused, ...taken] = Array.from({ length: 5 }, () => ids.next());
    await open.database.execute(`ALTER TABLE run_delivery ADD CONSTRAINT poison CHECK (run_id <> '${refused}')`);
    for (const runId of [refused ?? '', ...taken]) {
      ledger.open(newReader(), new FakeSink()).handed(ids.next(), event(runId, 1), 0);
    }
    await turn();
    await ledger.write();
    for (const runId of taken) expect(await rowOf(runId)).toMatchObject({ sent_seq: 1, sent_count: 1 });
    expect(await rowOf(refused ?? '')).toBeUndefined();
    await ledger.write();
    await open.database.execute('ALTER TABLE run_delivery DROP CONSTRAINT poison');
    expect((await metrics.text()).body).toContain('goldenpath_delivery_records_dropped_total 1');
    for (const runId of taken) expect(await rowOf(runId)).toMatchObject({ sent_count: 1 });
  });

  it('forgets old rows and keeps the others', async () => {
    const { ledger } = newLedger();
    const [old, recent] = [ids.next(), ids.next()];
    const reader = ledger.open(newReader(), new FakeSink());
    for (const runId of [old, recent]) reader.handed(ids.next(), event(runId, 1), 0);
    await turn();
    await ledger.write();
    await open.database.execute(`UPDATE run_delivery SET created_at = now() - interval '169 hours' WHERE run_id = $1`, [
      old,
    ]);
    await ledger.prune();
    expect(await rowOf(old)).toBeUndefined();
    expect(await rowOf(recent)).toMatchObject({ sent_seq: 1 });
  });

  it('keeps few records in memory, however many runs a connection follows', async () => {
    const { ledger } = newLedger();
    const reader = ledger.open(newReader(), new FakeSink());
    for (let run = 0; run < 150; run += 1) reader.handed(ids.next(), event(ids.next(), 1), 0);
    await turn();
    await ledger.write();
    expect(reader.records.size).toBeLessThanOrEqual(16);
    const { connectionId } = reader.reader;
    const rows = await open.database.rows('SELECT 1 FROM run_delivery WHERE connection_id = $1', [connectionId]);
    expect(rows).toHaveLength(150);
  });
});
