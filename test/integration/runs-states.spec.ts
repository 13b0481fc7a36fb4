import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { isTerminalRunState, TERMINAL_RUN_STATES, type RunState } from '@goldenpath/protocol';
import type { Ended } from '../support/run-node.js';
import { NODES, RunWorld, type RunStep } from '../support/run-world.js';
import { TestServer, type TestUser } from '../support/server.js';

const SEED = 20_261_122;
const SEQUENCES = 40;
const TIME_LIMIT_MS = 20_000;
/** All but intervals. */
const REAL = [
  ...(['Date', 'hrtime', 'nextTick', 'performance', 'queueMicrotask', 'setImmediate'] as const),
  ...(['clearImmediate', 'setTimeout', 'clearTimeout'] as const),
];

/** [RN1], word for word, and the two steps to `completed` that one statement takes at once. */
const LEGAL: Record<RunState, RunState[]> = {
  pending: ['starting', 'cancelled', 'dead'],
  starting: ['running', 'failed', 'timeout', 'dead', 'cancelled', 'pending'],
  running: ['completing', 'failed', 'timeout', 'dead', 'cancelled', 'pending', 'completed'],
  completing: ['completed', 'failed', 'timeout', 'dead', 'pending'],
  completed: [],
  failed: [],
  timeout: [],
  dead: [],
  cancelled: [],
};

let server: TestServer;
let user: TestUser;

beforeAll(async () => {
  // Nobody works on runs but the nodes of the test.
  server = await TestServer.start({ ROLE: 'api', CONCURRENT_RUNS_PER_USER: '1000', QUEUED_RUNS_PER_USER: '1000' });
  user = await server.register();
  await server.database.execute(
    `CREATE TABLE run_change (ord bigserial, run_id uuid, before text, after text, epoch_before int, epoch_after int)`,
  );
  await server.database.execute(
    `CREATE FUNCTION note_run_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
       INSERT INTO run_change (run_id, before, after, epoch_before, epoch_after) VALUES (OLD.id, OLD.state, NEW.state, OLD.epoch, NEW.epoch);
       RETURN NULL; END $$`,
  );
  await server.database.execute(
    `CREATE TRIGGER run_changed AFTER UPDATE ON run FOR EACH ROW EXECUTE FUNCTION note_run_change()`,
  );
});
afterAll(() => server.stop());

const node = fc.nat(NODES - 1);
const other = fc.nat(7).map((value) => value === 0);
const status = fc.constantFrom<Ended>('completed', 'failed', 'timeout');
/** Counted from the newest one back. */
const attempt = fc.oneof({ weight: 2, arbitrary: fc.constant(0) }, { weight: 3, arbitrary: fc.nat(5) });
const of = <Kind extends RunStep['kind']>(kind: Kind) => fc.constant(kind);

const step: fc.Arbitrary<RunStep> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: of('take'), node, other }) },
  { weight: 8, arbitrary: fc.record({ kind: of('lose'), node, other }) },
  { weight: 3, arbitrary: fc.record({ kind: of('race'), node, other }) },
  { weight: 6, arbitrary: fc.record({ kind: of('write'), attempt, status }) },
  { weight: 1, arbitrary: fc.record({ kind: of('finish'), attempt: fc.constant(0), status }) },
  { weight: 4, arbitrary: fc.record({ kind: of('finish'), attempt: fc.integer({ min: 1, max: 5 }), status }) },
  { weight: 1, arbitrary: fc.record({ kind: of('cancel'), other }) },
  { weight: 3, arbitrary: fc.record({ kind: of('handBack'), node }) },
  { weight: 2, arbitrary: fc.record({ kind: of('expire') }) },
  { weight: 3, arbitrary: fc.record({ kind: of('renew') }) },
);

interface Change {
  readonly before: RunState;
  readonly after: RunState;
  readonly epoch_before: number;
  readonly epoch_after: number;
}

/** What the rows went through. */
const changesOf = (runIds: readonly string[]): Promise<Change[]> =>
  server.database.rows<Change>(
    `SELECT before, after, epoch_before, epoch_after FROM run_change WHERE run_id = ANY($1::uuid[]) ORDER BY ord`,
    [runIds],
  );

/** A row that is over is never written again; the epoch moves on whenever a run is taken or given back, and only then. */
function isLegal({ before, after, epoch_before: epochBefore, epoch_after: epochAfter }: Change): boolean {
  if (isTerminalRunState(before)) return false;
  const isTakenOver = after === 'starting' && epochAfter > epochBefore;
  const changesHands = isTakenOver || (after === 'pending' && before !== 'pending');
  if (epochAfter !== epochBefore + (changesHands ? 1 : 0)) return false;
  // Taken over: handed back and begun again, at once.
  const isTaken = isTakenOver && (before === 'pending' || LEGAL[before].includes('pending'));
  return before === after || isTaken || LEGAL[before].includes(after);
}

describe('a run, whatever befalls it and whoever works on it', () => {
  beforeEach(() => {
    // The time of leases is the database's; that of their renewal is the test's.
    jest.useFakeTimers({ doNotFake: REAL });
  });
  afterEach(() => void jest.useRealTimers());

  it('goes the way of the requirements to one end, under one owner at a time', async () => {
    const seen = new Set<string>();
    const sequence = fc.array(step, { minLength: 10, maxLength: 45, size: 'max' });
    await fc.assert(
      fc.asyncProperty(sequence, async (steps) => {
        const world = await RunWorld.make(server, user);
        for (const each of steps) {
          await world.take(each);
          await world.check();
        }
        await world.end();
        expect((await changesOf(world.runIds)).filter((change) => !isLegal(change))).toEqual([]);
        for (const what of world.seen) seen.add(what);
      }),
      { seed: SEED, numRuns: SEQUENCES, interruptAfterTimeLimit: TIME_LIMIT_MS },
    );
    const wanted = [...TERMINAL_RUN_STATES, 'taken over', 'handed back', 'late write', 'late end'];
    expect(wanted.filter((what) => !seen.has(what))).toEqual([]);
  });
});
