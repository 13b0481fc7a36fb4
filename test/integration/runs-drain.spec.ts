import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Workers } from '../../src/runs/workers.js';
import { ScriptedModule } from '../support/scripted.module.js';
import { TestServer } from '../support/server.js';
import { submitScript } from '../support/submit.js';
import { until } from '../support/until.js';

/** Leaves runs no time to finish: they are handed back at once. */
const DRAIN_MS = 3_000;

let server: TestServer;

beforeAll(async () => {
  server = await TestServer.start({}, [ScriptedModule]);
  await server.database.execute(
    `CREATE FUNCTION take_time() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(1); RETURN NEW; END $$`,
  );
  await server.database.execute(
    `CREATE TRIGGER claims_take_time BEFORE UPDATE ON run FOR EACH ROW
     WHEN (OLD.state = 'pending' AND NEW.state = 'starting') EXECUTE FUNCTION take_time()`,
  );
});
afterAll(() => server.stop());

describe('a run that is being claimed when its process is told to stop', () => {
  it('is waited for and handed back, and nothing of it is begun', async () => {
    const { runId } = await submitScript(server, await server.register(), { hang: true });
    const isClaiming = async () =>
      (await server.database.row(
        `SELECT 1 FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND datname = current_database()`,
      )) !== undefined;
    await until(isClaiming, { message: 'the claim' });
    expect(await server.get(Workers).drain(DRAIN_MS)).toBe(1);
    expect(
      await server.database.row(
        `SELECT state, epoch, crashes, owner,
           (SELECT string_agg(type, ' ') FROM run_event WHERE run_id = run.id) AS events FROM run WHERE id = $1`,
        [runId],
      ),
    ).toEqual({ state: 'pending', epoch: 2, crashes: 0, owner: null, events: null });
  });
});
