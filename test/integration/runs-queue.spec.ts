import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { PRIORITIES } from '../../src/runs/run-priority.js';
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
let endThere: () => void;

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

async function add(count: number, priority = PRIORITIES.normal as number): Promise<string[]> {
  const runIds = Array.from({ length: count }, () => ids.next());
  await queue.add(runIds.map((runId) => ({ runId, priority })));
  return runIds;
}

/** In the order in which they are given to whoever has room. */
const jobs = async (): Promise<string[]> =>
  (await server.database.rows<{ id: string }>('SELECT id FROM queue.job ORDER BY priority, seq')).map(({ id }) => id);

/** Also the one that the process had been looking out for, and gave back when it came. */
const allWait = (): Promise<true> =>
  until(async () => (await server.database.row(`SELECT 1 FROM queue.job WHERE state <> 'waiting'`)) === undefined, {
    message: 'all jobs wait',
  });

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
    const waiting = await add(2 * ROOM);
    await allWait();
    expect(await jobs()).toEqual(waiting);
    expect(begun).toEqual(direct);
    end();
    await until(() => begun.length === 3 * ROOM, { message: 'all were worked on' });
    await until(async () => (await jobs()).length === 0, { message: 'no job is left' });
  });

  it('waits by priority, then by arrival, and is not overtaken by one that comes when a place gets free', async () => {
    await work();
    const first = await add(ROOM);
    const [low, normal, high] = [await add(2, PRIORITIES.low), await add(2), await add(2, PRIORITIES.high)];
    end();
    // All places are free now, and nobody has looked for a job yet.
    await new Promise(setImmediate);
    const late = await add(1);
    await until(() => begun.length === ROOM + 7, { message: 'all were worked on' });
    expect(begun).toEqual([...first, ...high, ...normal, ...late, ...low]);
  });

  it('is begun before those that came with a higher priority once it was raised above them', async () => {
    await work();
    const first = await add(ROOM);
    const [low, normal] = [await add(1, PRIORITIES.low), await add(2)];
    for (const runId of [...low, ...first, ids.next()]) await queue.raise({ runId, priority: PRIORITIES.high });
    for (const runId of normal) await queue.raise({ runId, priority: PRIORITIES.normal });
    end();
    await until(() => begun.length === ROOM + 3, { message: 'all were worked on' });
    expect(begun).toEqual([...first, ...low, ...normal]);
  });

  it('waits where another process finds it at once, when this one has no room', async () => {
    await work();
    await add(ROOM);
    const backlog = await add(2 * ROOM);
    await allWait();
    const other = await server.sibling({ ROLE: 'api', CONCURRENT_RUNS_PER_PROCESS: String(ROOM) });
    try {
      const begunThere: string[] = [];
      const ended = new Promise<void>((resolve) => (endThere = resolve));
      await other.get(RunQueue).work(async (runId) => {
        begunThere.push(runId);
        await ended;
      });
      await until(() => begunThere.length === ROOM, { message: 'the other process has all its places taken' });
      expect(begunThere).toEqual(backlog.slice(0, ROOM));
      endThere();
      await until(() => begunThere.length === 2 * ROOM, { message: 'each place that gets free is taken' });
      expect(begun).toHaveLength(ROOM);
    } finally {
      endThere();
      await other.stop();
    }
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
