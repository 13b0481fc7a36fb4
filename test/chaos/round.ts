import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { until } from '../support/until.js';
import { checkHistory } from './check-history.js';
import { ChaosUser } from './chaos-user.js';
import type { Cluster } from './cluster.js';
import { Effects } from './effects.js';
import { NETWORK_FAULTS, pickFault, PROCESS_FAULTS, type Fault, type Target } from './faults.js';
import { Fleet, type Topology } from './fleet.js';
import type { History, Violation } from './history.js';
import type { Random } from './random.js';
import { storedHistory } from './stored-history.js';
import { TakeOvers } from './take-overs.js';

export interface RoundOptions {
  readonly cluster: Cluster;
  readonly random: Random;
  readonly topology: Topology;
  readonly faults: number;
  readonly users: number;
  /** When to stop striking, on the scale of performance.now(). */
  readonly deadlineMs: number;
  /** I7's T: from the last fault, when everything works again, to the last final event; a third of it more to the last client that has it. */
  readonly settleMs: number;
  readonly sabotage?: string;
  /** Only these faults, one by one, and nothing else. */
  readonly only?: readonly Fault[];
}

export interface RoundResult {
  readonly violations: readonly Violation[];
  /** How often each fault struck. */
  readonly faults: ReadonlyMap<string, number>;
  readonly takeOversMs: readonly number[];
  /** From message_accepted to the final event in the log. */
  readonly finalsMs: readonly number[];
  readonly counts: RoundCounts;
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
}

const UNFINISHED = `SELECT 1 FROM run WHERE state IN ('pending','starting','running','completing') LIMIT 1`;

/** One campaign on a database of its own: users at work, faults, quiet, and the check of everything that was recorded. */
export async function playRound(options: RoundOptions): Promise<RoundResult> {
  const { cluster, topology, sabotage } = options;
  const folder = await mkdtemp(join(tmpdir(), 'goldenpath-chaos-round-'));
  const databaseUrl = await cluster.createDatabase();
  const fleet = await Fleet.start({ databaseUrl, folder, topology, sabotage });
  try {
    const users = await makeUsers(fleet, options);
    const takeOvers = new TakeOvers(cluster, databaseUrl);
    for (const user of users) user.start();
    const faults = await strike({ cluster, fleet, users, takeOvers }, options);
    await fleet.heal();
    await settle(users, options, databaseUrl);
    const stored = await storedHistory(cluster, databaseUrl);
    const history: History = {
      ...stored,
      viewers: users.flatMap(({ viewers }) => viewers),
      acceptances: users.flatMap(({ acceptances }) => acceptances),
      effects: new Effects(join(folder, 'effects.jsonl')).all(),
      noted: users.flatMap(({ noted, viewers }) => [...noted, ...viewers.flatMap((viewer) => viewer.noted)]),
    };
    const violations = checkHistory(history);
    if (violations.length === 0 || sabotage !== undefined) await rm(folder, { recursive: true, force: true });
    return {
      ...{ violations, faults, folder, counts: countsOf(history) },
      takeOversMs: await takeOvers.durationsMs(),
      finalsMs: finalsMs(history, users),
    };
  } finally {
    await fleet.stop();
    await cluster.dropDatabase(databaseUrl);
  }
}

async function makeUsers({ addresses, directUrl }: Fleet, { random, users }: RoundOptions): Promise<ChaosUser[]> {
  const made: ChaosUser[] = [];
  for (let number = 1; number <= users; number += 1) {
    const account = await ChaosUser.register(directUrl, `user-${number}@example.com`);
    made.push(new ChaosUser({ name: `user ${number}`, account, addresses, random: random.fork() }));
  }
  return made;
}

const NETWORK_LANES = 4;
const NETWORK_GAP_MS = [100, 1_500] as const;
const PROCESS_GAP_MS = [100, 1_500] as const;

/** Lanes at once: several of network faults, one of process faults. */
async function strike(target: Target, options: RoundOptions): Promise<Map<string, number>> {
  const struck = new Map<string, number>();
  let count = 0;
  const lane = async (faults: readonly Fault[], gapMs: readonly [number, number]): Promise<void> => {
    const random = options.random.fork();
    while (count < options.faults && performance.now() < options.deadlineMs) {
      await pause(random.between(...gapMs));
      const fault = pickFault(faults, random);
      if (!(await fault.strike(target, random.fork()))) continue;
      count += 1;
      struck.set(fault.name, (struck.get(fault.name) ?? 0) + 1);
    }
  };
  if (options.only !== undefined) await lane(options.only, PROCESS_GAP_MS);
  else {
    const network = Array.from({ length: NETWORK_LANES }, () => lane(NETWORK_FAULTS, NETWORK_GAP_MS));
    await Promise.all([
      ...network,
      lane(PROCESS_FAULTS, PROCESS_GAP_MS),
      trespass(target, () => count < options.faults),
    ]);
  }
  return struck;
}

const TRESPASS_GAP_MS = 2_000;

/** Users reach for what is not theirs. Not counted as faults. */
async function trespass({ users }: Target, goesOn: () => boolean): Promise<void> {
  for (let turn = 0; goesOn(); turn += 1) {
    await pause(TRESPASS_GAP_MS);
    const intruder = users[turn % users.length];
    const latest = users[(turn + 1) % users.length]?.acceptances.at(-1);
    if (latest !== undefined && users.length > 1) await intruder?.trespass(latest);
  }
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
    user.viewers
      .filter(({ resumes }) => resumes)
      .every((viewer) =>
        threads
          .filter(({ id }) => user.threadIds.includes(id))
          .every(({ id, lastSeq }) => viewer.position(id) >= lastSeq),
      );
  await until(() => users.every(hasAll), { timeoutMs: settleMs / 3, message: 'clients' }).catch(() => undefined);
  await Promise.all(users.map((user) => user.stop()));
}

function countsOf({ log, runs, viewers, effects }: History): RoundCounts {
  const resumed = log.filter(({ text }) => text.startsWith('{"type":"run_resumed"'));
  return {
    runs: runs.length,
    resumedRuns: new Set(resumed.map(({ runId }) => runId)).size,
    events: log.length,
    seen: viewers.reduce((sum, { events }) => sum + events.length, 0),
    connections: viewers.flatMap(({ notices }) => notices.filter(({ type }) => type === 'connection_ready')).length,
    effects: effects.length,
  };
}

function finalsMs({ log }: History, users: readonly ChaosUser[]): number[] {
  const finals = new Map(
    log
      .filter(({ text }) => text.includes('"final":true'))
      .map(({ runId, text }) => [runId, Date.parse(/"timestamp":"([^"]+)"/.exec(text)?.[1] ?? '')]),
  );
  return users.flatMap(({ acceptances }) =>
    acceptances.flatMap(({ runId, acceptedMs }) => {
      const finalMs = finals.get(runId);
      return finalMs === undefined ? [] : [Math.max(0, finalMs - acceptedMs)];
    }),
  );
}
