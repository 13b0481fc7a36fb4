import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '../support/until.js';
import { checkHistory } from './check-history.js';
import { ChaosUser } from './chaos-user.js';
import { IDEMPOTENT_TOOLS } from './chaos-tools.js';
import type { Cluster } from './cluster.js';
import { Effects } from './effects.js';
import { Fleet, type Topology } from './fleet.js';
import type { History, Violation } from './history.js';
import type { Random } from './random.js';
import { randomScript } from './random-script.js';
import type { RedisUnderTest } from './redis-under-test.js';
import { ServerMemory, type MemoryReport } from './server-memory.js';
import { storedHistory } from './stored-history.js';
import { strike, type StrikeOptions } from './strikes.js';
import type { StuckEnding } from './stuck-readers.js';
import { TakeOvers } from './take-overs.js';

export interface RoundOptions extends StrikeOptions {
  readonly cluster: Cluster;
  /** Joins the servers; without it PostgreSQL does. */
  readonly redis?: RedisUnderTest | undefined;
  readonly topology: Topology;
  readonly users: number;
  /** I7's T: from the last fault, when everything works again, to the last final event; a third of it more to the last client that has it. */
  readonly settleMs: number;
  readonly sabotage?: string;
  /** What users ask for; by default random scripts. */
  readonly asks?: (random: Random) => string;
}

export interface RoundResult {
  readonly violations: readonly Violation[];
  /** How often each fault struck. */
  readonly faults: ReadonlyMap<string, number>;
  readonly takeOversMs: readonly number[];
  /** From message_accepted to the final event in the log. */
  readonly finalsMs: readonly number[];
  readonly counts: RoundCounts;
  readonly memory: MemoryReport;
  /** Server logs and effects; kept when something is wrong. */
  readonly folder: string;
}

export interface RoundCounts {
  readonly runs: number;
  readonly resumedRuns: number;
  readonly events: number;
  readonly seen: number;
  readonly connections: number;
  readonly effects: number;
  /** How stuck readers' connections were ended. */
  readonly stuckTooSlow: number;
  readonly stuckWithServer: number;
  readonly stuckOtherwise: number;
}

const AT_WORK_MS = 20_000;
const UNFINISHED = `SELECT 1 FROM run WHERE state IN ('pending','starting','running','completing') LIMIT 1`;

/** One campaign on a database of its own: users at work, faults, quiet, and the check of everything that was recorded. */
export async function playRound(options: RoundOptions): Promise<RoundResult> {
  const { cluster, redis, topology, sabotage } = options;
  const folder = await mkdtemp(join(tmpdir(), 'goldenpath-chaos-round-'));
  const databaseUrl = await cluster.createDatabase();
  const fleet = await Fleet.start({ databaseUrl, folder, topology, sabotage, redisUrl: redis?.url });
  const memory = new ServerMemory(fleet);
  try {
    const users = await fleet.inThePast(() => makeUsers(fleet, options));
    const takeOvers = new TakeOvers(cluster, databaseUrl);
    for (const user of users) user.start();
    await atWork(users);
    const effects = new Effects(join(folder, 'effects.jsonl'));
    const faults = await strike({ cluster, databaseUrl, fleet, redis, users, effects, takeOvers }, options);
    await fleet.heal();
    await settle(users, options, databaseUrl);
    const stored = await storedHistory(cluster, databaseUrl);
    const history: History = {
      ...stored,
      viewers: users.flatMap(({ readers }) => readers),
      acceptances: users.flatMap(({ acceptances }) => acceptances),
      idempotentTools: IDEMPOTENT_TOOLS,
      effects: effects.all(),
      noted: users.flatMap(({ noted, readers }) => [...noted, ...readers.flatMap((reader) => reader.noted)]),
    };
    const violations = checkHistory(history);
    if (violations.length === 0 || sabotage !== undefined) await rm(folder, { recursive: true, force: true });
    return {
      ...{ violations, faults, folder, counts: countsOf(history, users), memory: memory.stop() },
      takeOversMs: await takeOvers.durationsMs(),
      finalsMs: await finalsMs(options.cluster, databaseUrl, users),
    };
  } finally {
    memory.stop();
    await fleet.stop();
    await cluster.dropDatabase(databaseUrl);
  }
}

async function makeUsers({ addresses, directUrl }: Fleet, options: RoundOptions): Promise<ChaosUser[]> {
  const { random, users, asks = randomScript } = options;
  const made: ChaosUser[] = [];
  for (let number = 1; number <= users; number += 1) {
    const account = await ChaosUser.register(directUrl, `user-${number}@example.com`);
    made.push(new ChaosUser({ name: `user ${number}`, account, addresses, asks, random: random.fork() }));
  }
  return made;
}

/** Waits, bounded, until everybody has a run: before, there is nothing to strike. */
async function atWork(users: readonly ChaosUser[]): Promise<void> {
  const deadline = { timeoutMs: AT_WORK_MS, message: 'the first run of each user' };
  await until(() => users.every(({ acceptances }) => acceptances.length > 0), deadline).catch(() => undefined);
}

/** Waits, bounded, until every run is over and every resuming client has seen its end. Who is not there by then is what the checker finds. */
async function settle(
  users: readonly ChaosUser[],
  { cluster, settleMs }: RoundOptions,
  databaseUrl: string,
): Promise<void> {
  await Promise.all(users.map((user) => user.stopAsking()));
  const deadline = { timeoutMs: settleMs, message: 'the end of all runs' };
  const isQuiet = async (): Promise<boolean> => (await cluster.rows(databaseUrl, UNFINISHED)).length === 0;
  await until(isQuiet, deadline).catch(() => undefined);
  const { threads } = await storedHistory(cluster, databaseUrl);
  const hasAll = (user: ChaosUser): boolean =>
    user.readers
      .filter(({ resumes }) => resumes)
      .every((reader) =>
        threads
          .filter(({ id }) => user.threadIds.includes(id))
          .every(({ id, lastSeq }) => reader.position(id) >= lastSeq),
      );
  await until(() => users.every(hasAll), { timeoutMs: settleMs / 3, message: 'clients' }).catch(() => undefined);
  await Promise.all(users.map((user) => user.stop()));
}

function countsOf({ log, runs, viewers, effects }: History, users: readonly ChaosUser[]): RoundCounts {
  const endings = users.flatMap(({ stuckEndings }) => stuckEndings);
  const stuck = (how: StuckEnding): number => endings.filter((ending) => ending === how).length;
  const resumed = log.filter(({ text }) => text.startsWith('{"type":"run_resumed"'));
  return {
    runs: runs.length,
    resumedRuns: new Set(resumed.map(({ runId }) => runId)).size,
    events: log.length,
    seen: viewers.reduce((sum, { events }) => sum + events.length, 0),
    connections: users.reduce(
      (sum, { readers }) => sum + readers.reduce((of, reader) => of + reader.connections, 0),
      0,
    ),
    effects: effects.length,
    stuckTooSlow: stuck('tooSlow'),
    stuckWithServer: stuck('withServer'),
    stuckOtherwise: stuck('otherwise'),
  };
}

/** By the clock of the database: those of the servers are wrong. */
async function finalsMs(cluster: Cluster, databaseUrl: string, users: readonly ChaosUser[]): Promise<number[]> {
  const rows = await cluster.rows<{ run_id: string; final_ms: number }>(
    databaseUrl,
    `SELECT run_id, (extract(epoch FROM created_at) * 1000)::float8 AS final_ms FROM run_event
     WHERE type = 'agent_completed' AND payload->>'final' = 'true'`,
  );
  const finals = new Map(rows.map(({ run_id, final_ms }) => [run_id, final_ms]));
  return users.flatMap(({ acceptances }) =>
    acceptances.flatMap(({ runId, acceptedMs }) => {
      const finalMs = finals.get(runId);
      return finalMs === undefined ? [] : [Math.max(0, finalMs - acceptedMs)];
    }),
  );
}
