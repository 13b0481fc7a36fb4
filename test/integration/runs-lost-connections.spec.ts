import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { logFaults, runEnd } from '../support/run-log.js';
import { createTestDatabase, openDatabase, type OpenDatabase, type TestDatabase } from '../support/database.js';
import { ScriptedModule } from '../support/scripted.module.js';
import { createSideEffects, sideEffects } from '../support/scripted-tools.js';
import { TestServer } from '../support/server.js';
import { submitScript } from '../support/submit.js';
import { until } from '../support/until.js';

const RUNS = 12;
const KILLS_MIN = 60;

let store: TestDatabase;
let open: OpenDatabase;
let server: TestServer;

beforeAll(async () => {
  store = await createTestDatabase();
  open = await openDatabase(store.url);
  server = await TestServer.start({ DATABASE_URL: store.url, CONCURRENT_RUNS_PER_USER: String(RUNS) }, [
    ScriptedModule,
  ]);
  await createSideEffects(open.database);
});
afterAll(async () => {
  await server.stop();
  await open.close();
  await store.drop();
});

describe('runs whose connections to the database are cut again and again', () => {
  it('all come to their end, and no tool that may not be repeated is', async () => {
    const user = await server.register();
    const line = (text: string) => ({ tool: 'write_line', parameters: { line: text } });
    const runs = await Promise.all(
      Array.from({ length: RUNS }, () =>
        submitScript(server, user, line('a'), { think: 'one' }, { delegate: [line('b'), { think: 'two' }] }, line('c')),
      ),
    );
    const killer = new pg.Client({ connectionString: store.url });
    await killer.connect();
    let killed = 0;
    await until(
      async () => {
        const { rowCount } = await killer.query(
          `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
           WHERE datname = current_database() AND application_name = 'goldenpath' AND state <> 'idle'`,
        );
        killed += rowCount ?? 0;
        const { rows } = await killer.query<{ count: number }>(
          `SELECT count(*)::int AS count FROM run WHERE state IN ('pending','starting','running','completing')`,
        );
        return killed >= KILLS_MIN || rows[0]?.count === 0;
      },
      { timeoutMs: 20_000, message: 'enough cuts' },
    );
    await killer.end();
    expect(killed).toBeGreaterThan(3);
    for (const { runId, threadId } of runs) {
      const state = await runEnd(open.database, runId, 30_000);
      const lines = await sideEffects(open.database, runId);
      expect({ state, faults: await logFaults(open.database, threadId) }).toEqual({ state: 'completed', faults: [] });
      expect(lines).toEqual([...new Set(lines)]);
    }
  }, 90_000);
});
