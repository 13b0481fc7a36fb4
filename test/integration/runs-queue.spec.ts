import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { RunQueue } from '../../src/runs/run-queue.js';
import { Ids } from '../../src/telemetry/ids.js';
import { TestServer } from '../support/server.js';
import { until } from '../support/until.js';

/** So many runs one process works on at once. */
const ROOM = 4;
const ids = new Ids();

let server: TestServer;
let queue: RunQueue;
/** Runs that were begun, and what ends them all. */
let begun: string[];
let end: () => void;

beforeEach(async () => {
  // Its queue is open and nobody works on it, until a test does.
  server = await TestServer.start({ ROLE: 'api', CONCURRENT_RUNS_PER_PROCESS: String(ROOM) });
  queue = server.get(RunQueue);
  begun = [];
});
afterEach(async () => {
  end();
  await server.stop();
});

async function work(): Promise<void> {
  const ended = new Promise<void>((resolve) => (end = resolve));
  await queue.work(async (runId) => {
    begun.push(runId);
    await ended;
  });
}

async function add(count: number): Promise<string[]> {
  const runIds = Array.from({ length: count }, () => ids.next());
  await queue.add(runIds.map((runId) => ({ runId, priority: 2 })));
  return runIds;
}

const jobs = async (): Promise<string[]> =>
  (await server.database.rows<{ id: string }>('SELECT id FROM queue.job')).map(({ id }) => id);

describe('a run that is added', () => {
  it('is taken without a job where there is room, and waits as a job where there is none', async () => {
    await work();
    const first = await add(ROOM);
    expect(begun).toEqual(first);
    expect(await jobs()).toEqual([]);
    const [next] = await add(1);
    expect(await jobs()).toEqual([next]);
    end();
    await until(() => begun.includes(next ?? ''), { message: 'the job is worked on' });
  });

  it('finds no more places than there are, whichever way it comes', async () => {
    await work();
    const direct = await add(ROOM);
    await add(2 * ROOM);
    const fetched = () =>
      server.database.row(`SELECT 1 FROM queue.job WHERE state::text = 'active' HAVING count(*) >= $1`, [ROOM]);
    await until(fetched, { message: 'as many jobs are fetched' });
    expect(begun).toEqual(direct);
    end();
    await until(() => begun.length === 3 * ROOM, { message: 'all were worked on' });
  });

  it('waits as a job until somebody works, and again after the pause', async () => {
    const [first] = await add(1);
    expect(await jobs()).toEqual([first]);
    await work();
    await until(() => begun.includes(first ?? ''), { message: 'the job is worked on' });
    await queue.pause();
    const [second] = await add(1);
    expect(await jobs()).toContain(second);
  });
});
