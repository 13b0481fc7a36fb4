import type { Cluster } from './cluster.js';
import { CONTROL_AIMS } from './control-aims.js';
import type { Invariant } from './history.js';
import type { Random } from './random.js';
import { playRound } from './round.js';
import { SABOTAGES, type Sabotage } from './sabotage.js';

export interface ControlResult {
  readonly name: string;
  /** What had to come up, and how often it did. */
  readonly situation: string;
  readonly cameUp: number;
  /** What the checker found broken. */
  readonly broken: readonly Invariant[];
  readonly isRed: boolean;
}

/** As many as the sessions of one PostgreSQL are enough for. */
const AT_ONCE = 2;
/** Now and then one does no harm, e.g. when its run is cancelled next. */
const SITUATIONS = 3;
/** A machine that is ever so busy brings them up by then. */
const STRIKE_MS = 150_000;
const SETTLE_MS = 30_000;

/** Plays rounds on sabotaged servers: the checker must notice each sabotage, or its silence elsewhere means nothing. */
export async function playControls(cluster: Cluster, random: Random): Promise<ControlResult[]> {
  const results: ControlResult[] = [];
  const left = [...SABOTAGES];
  for (let pair = left.splice(0, AT_ONCE); pair.length > 0; pair = left.splice(0, AT_ONCE)) {
    results.push(...(await Promise.all(pair.map((sabotage) => playControl(cluster, sabotage, random.fork())))));
  }
  return results;
}

async function playControl(cluster: Cluster, { name, breaks }: Sabotage, random: Random): Promise<ControlResult> {
  const { situation, strike, ...aim } = CONTROL_AIMS[name];
  const { violations, faults } = await playRound({
    ...{ cluster, random, ...aim, sabotage: name, users: 3, lanes: 0, faults: SITUATIONS },
    only: [{ name: situation, weight: 1, strike }],
    ...{ deadlineMs: performance.now() + STRIKE_MS, settleMs: SETTLE_MS },
  });
  const broken = [...new Set(violations.map(({ invariant }) => invariant))].sort();
  const cameUp = faults.get(situation) ?? 0;
  // What is broken without it says nothing of what it would have broken.
  const isRed = cameUp > 0 && breaks.some((invariant) => broken.includes(invariant));
  return { name, situation, cameUp, broken, isRed };
}
