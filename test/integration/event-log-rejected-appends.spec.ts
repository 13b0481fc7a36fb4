import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { EventFlusher } from '../../src/events/event-flusher.js';
import { LostRunError } from '../../src/events/lost-run-error.js';
import { Metrics } from '../../src/monitor/metrics.js';
import { databaseUnavailable } from '../../src/persistence/database-error.js';
import type { Database } from '../../src/persistence/database.js';
import type { SqlParameter } from '../../src/persistence/sql.js';
import { RunClaims } from '../../src/runs/run-claims.js';
import { createTestDatabase, openDatabase, type OpenDatabase, type TestDatabase } from '../support/database.js';
import { append, liveRun, storedRows, type LiveRun } from '../support/event-log.js';
import { TcpProxy } from '../support/tcp-proxy.js';
import { until } from '../support/until.js';

type FlushedDatabase = ConstructorParameters<typeof EventFlusher>[0];

let store: TestDatabase;
let open: OpenDatabase;
let blocker: pg.Client;

beforeAll(async () => {
  store = await createTestDatabase();
  open = await openDatabase(store.url);
});
afterAll(async () => {
  await open.close();
  await store.drop();
});
beforeEach(async () => {
  blocker = new pg.Client({ connectionString: store.url });
  await blocker.connect();
});
afterEach(() => blocker.end());

/** One that gives up soon. `onSplit`: it takes a batch apart. */
const impatient = (database: FlushedDatabase, onSplit: () => void = () => undefined): EventFlusher =>
  new EventFlusher(database, { logger: { warn: onSplit }, metrics: new Metrics() }, () => undefined, 500);

async function twoRuns(): Promise<[LiveRun, LiveRun]> {
  return [await liveRun(open.database), await liveRun(open.database)];
}

async function payloads(...runs: LiveRun[]): Promise<string[][]> {
  const stored = await Promise.all(runs.map(({ threadId }) => storedRows(open.database, threadId)));
  return stored.map((rows) => rows.map(({ payload }) => payload));
}

/** What became of appends, in short. */
const outcome = (appending: Promise<number>): Promise<number | 'lost' | 'failed'> =>
  appending.catch((error: unknown) => (error instanceof LostRunError ? 'lost' : 'failed'));

/** Holds a row until `blocker` commits. */
async function block(table: 'run' | 'thread', id: string): Promise<void> {
  await blocker.query('BEGIN');
  await blocker.query(`SELECT 1 FROM ${table} WHERE id = $1 FOR UPDATE`, [id]);
}

describe('an append that is rejected', () => {
  it('takes what waits behind it in its run along, and nothing else: the database is away', async () => {
    const target = new URL(store.url);
    const proxy = new TcpProxy({ host: target.hostname, port: Number(target.port) });
    const viaProxy = new URL(store.url);
    viaProxy.hostname = '127.0.0.1';
    viaProxy.port = String(await proxy.open());
    const behindProxy = await openDatabase(viaProxy.href);
    const [lost, other] = await twoRuns();
    const flusher = impatient(behindProxy.database);
    try {
      await proxy.close();
      const first = outcome(flusher.append(append(lost, '{"n":1}')));
      await new Promise(setImmediate);
      const waiting = [append(lost, '{"n":2}'), append(other, '{"n":1}'), append(lost, '{"n":3}')];
      const outcomes = waiting.map((each) => outcome(flusher.append(each)));
      expect(await first).toBe('failed');
      await proxy.open();
      expect(await Promise.all(outcomes)).toEqual(['lost', 1, 'lost']);
      expect(await payloads(lost, other)).toEqual([[], ['{"n":1}']]);
    } finally {
      await behindProxy.close();
      await proxy.close();
    }
  });

  it('takes the rest of its run along when a batch is taken apart: a row that is never taken', async () => {
    const [lost, other] = await twoRuns();
    const flusher = impatient(open.database);
    const outcomes = [
      append(lost, '{"n":1}'),
      append(lost, 'no json'),
      append(other, '{"n":1}'),
      append(lost, '{"n":3}'),
      append(other, '{"n":2}'),
    ].map((each) => outcome(flusher.append(each)));
    await new Promise(setImmediate);
    outcomes.push(outcome(flusher.append(append(lost, '{"n":4}'))), outcome(flusher.append(append(other, '{"n":3}'))));
    expect(await Promise.all(outcomes)).toEqual([1, 'failed', 1, 'failed', 2, 'lost', 3]);
    expect(await payloads(lost, other)).toEqual([['{"n":1}'], ['{"n":1}', '{"n":2}', '{"n":3}']]);
  });

  it('takes the rest of its run along when a batch is taken apart: a run that is locked for too long', async () => {
    const [lost, other] = await twoRuns();
    const flusher = impatient(open.database);
    await block('run', lost.runId);
    const first = outcome(flusher.append(append(lost, '{"n":1}')));
    const outcomes = [append(lost, '{"n":2}'), append(other, '{"n":1}')].map((each) => outcome(flusher.append(each)));
    expect(await first).toBe('failed');
    await blocker.query('COMMIT');
    expect(await Promise.all(outcomes)).toEqual(['failed', 1]);
    expect(await payloads(lost, other)).toEqual([[], ['{"n":1}']]);
  }, 20_000);

  it('takes along what is appended while it is told', async () => {
    const [lost] = await twoRuns();
    const flusher = impatient(open.database);
    const late = flusher.append(append(lost, 'no json')).catch(() => outcome(flusher.append(append(lost, '{"n":2}'))));
    expect(await late).toBe('lost');
    expect(await payloads(lost)).toEqual([[]]);
  });

  it('leaves the attempt alone that has taken the run over', async () => {
    const [run] = await twoRuns();
    await open.database.execute('UPDATE run SET epoch = 2 WHERE id = $1', [run.runId]);
    const flusher = impatient(open.database);
    const earlier = [append(run, 'no json'), append(run, '{"n":1}')].map((each) => outcome(flusher.append(each)));
    const later = outcome(flusher.append(append({ ...run, epoch: 2 }, '{"n":2}')));
    await new Promise(setImmediate);
    const last = outcome(flusher.append(append({ ...run, epoch: 2 }, '{"n":3}')));
    expect(await Promise.all([...earlier, later, last])).toEqual(['failed', 'failed', 1, 2]);
    expect(await payloads(run)).toEqual([['{"n":2}', '{"n":3}']]);
  });
});

describe('a batch whose outcome is not known', () => {
  it('is looked for in the log by each of its parts, too', async () => {
    const [run, other] = await twoRuns();
    const stray = new StrayFirst(open.database, store.url, 'at work');
    // The stray try holds its runs, waits for a thread, and is allowed to go on when nobody waits for it any more.
    await block('thread', run.threadId);
    const flusher = impatient(stray, () => void blocker.query('COMMIT'));
    const outcomes = [append(run, '{"n":1}'), append(other, '{"n":1}'), append(run, '{"n":2}')].map((each) =>
      outcome(flusher.append(each)),
    );
    const seqs = await Promise.all(outcomes);
    await stray.end();
    expect(seqs).toEqual([1, 1, 2]);
    expect(await payloads(run, other)).toEqual([['{"n":1}', '{"n":2}'], ['{"n":1}']]);
  }, 20_000);

  it('is not stored a second time by a try that arrives behind the one that made up for it', async () => {
    const [run, other] = await twoRuns();
    const stray = new StrayFirst(open.database, store.url, 'late');
    const flusher = impatient(stray);
    const outcomes = [append(run, '{"n":1}'), append(other, '{"n":1}'), append(run, '{"n":2}')];
    expect(await Promise.all(outcomes.map((each) => outcome(flusher.append(each))))).toEqual([1, 1, 2]);
    await stray.arrive();
    await stray.end();
    expect(await outcome(flusher.append(append(run, '{"n":3}')))).toBe(3);
    expect(await payloads(run, other)).toEqual([['{"n":1}', '{"n":2}', '{"n":3}'], ['{"n":1}']]);
  });

  it('is nothing to whoever takes the run over, before and after', async () => {
    const [run] = await twoRuns();
    const doubtful = async (): Promise<number | string> => {
      const stray = new StrayFirst(open.database, store.url, 'late');
      return outcome(impatient(stray).append(append(run)));
    };
    expect(await doubtful()).toBe(1);
    await open.database.execute('UPDATE run SET lease_until = now() WHERE id = $1', [run.runId]);
    const claimed = await new RunClaims(open.database).claim(run.runId, 'another process');
    const next = impatient(open.database);
    const ofNext = append({ ...run, epoch: claimed?.epoch ?? 0 });
    expect(await outcome(next.append(ofNext))).toBe(2);
    expect(await doubtful()).toBe('lost');
    expect(await outcome(next.append({ ...ofNext, event: append(run).event }))).toBe(3);
  });
});

/**
 * A database whose first statement outlives its client, which takes the database for away: `at work`, in a session that
 * does not notice; `late`, still on its way to it.
 */
class StrayFirst implements FlushedDatabase {
  private readonly session: pg.Client;
  private first: { readonly text: string; readonly values: unknown[] } | undefined;
  private stray: Promise<unknown> | undefined;

  constructor(
    private readonly database: Database,
    url: string,
    private readonly is: 'at work' | 'late',
  ) {
    this.session = new pg.Client({ connectionString: url });
    this.session.on('error', () => undefined);
  }

  async rows<Row extends object>(text: string, parameters: readonly SqlParameter[] = []): Promise<Row[]> {
    if (this.first !== undefined) return this.database.rows<Row>(text, parameters);
    this.first = { text, values: [...parameters] };
    if (this.is === 'at work') {
      await this.arrive();
      await until(() => this.waits(), { message: 'the first try to wait for the thread' });
    }
    throw databaseUnavailable('is not reachable');
  }

  row: FlushedDatabase['row'] = (text, parameters) => this.database.row(text, parameters);
  execute: FlushedDatabase['execute'] = (text, parameters) => this.database.execute(text, parameters);
  transaction: FlushedDatabase['transaction'] = (work) => this.database.transaction(work);

  async arrive(): Promise<void> {
    if (this.first === undefined) throw new Error('nothing was sent');
    await this.session.connect();
    this.stray = this.session.query(this.first);
  }

  /** When the stray statement is through. */
  async end(): Promise<void> {
    await this.stray;
    await this.session.end();
  }

  private async waits(): Promise<boolean> {
    const row = await this.database.row(
      `SELECT 1 AS waits FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
    );
    return row !== undefined;
  }
}
