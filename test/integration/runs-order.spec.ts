import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { promote } from '../../src/runs/promotion.js';
import { Reconciler } from '../../src/runs/reconciler.js';
import { RunQueue } from '../../src/runs/run-queue.js';
import { PRIORITIES, type Priority } from '../../src/runs/run-priority.js';
import { TestServer } from '../support/server.js';
import { submit } from '../support/submit.js';
import { until } from '../support/until.js';

let server: TestServer;

beforeAll(async () => {
  // Nobody works on its runs.
  server = await TestServer.start({ ROLE: 'api', CONCURRENT_RUNS_PER_USER: '1' });
});
afterEach(() => {
  jest.restoreAllMocks();
});
afterAll(() => server.stop());

/** The run of a new user, accepted so long ago by the database's clock of now. */
async function accepted(priority: Priority, ageS: number, user = server.register()): Promise<string> {
  const { runId } = await submit(server, await user, {});
  await server.database.execute(
    'UPDATE run SET priority = $2, created_at = now() - make_interval(secs => $3) WHERE id = $1',
    [runId, PRIORITIES[priority], ageS],
  );
  return runId;
}

describe('runs that wait', () => {
  it('get room by priority, of which they gain while they wait, whoever finds them', async () => {
    const normal = await accepted('normal', 9);
    const high = await accepted('high', 5);
    const low = await accepted('low', 20);
    const lowForLong = await accepted('low', 100);
    const add = jest.spyOn(server.get(RunQueue), 'add');
    const raise = jest.spyOn(server.get(RunQueue), 'raise');
    const reconciler = server.get(Reconciler);
    reconciler.start();
    await until(() => add.mock.calls.length > 2, { message: 'the reconciler brings them, and again' });
    await reconciler.stop();
    expect(add.mock.calls[0]?.[0].map(({ runId }) => runId)).toEqual([lowForLong, high, normal, low]);
    // Once: what was raised stays where it is.
    expect(raise.mock.calls).toEqual([[{ runId: lowForLong, priority: PRIORITIES.high }]]);
  });

  it('are not put last when the clock of the database was set back after they were accepted', async () => {
    const user = server.register();
    await accepted('normal', 0, user);
    const normal = await accepted('normal', -10_000, user);
    await accepted('low', 0, user);
    const { id, tenantId } = await user;
    const [next] = await promote(server.database, { userId: id, tenantId }, 2);
    expect(next?.runId).toBe(normal);
  });
});
