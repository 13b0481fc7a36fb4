import type { Cluster } from './cluster.js';
import type { Fault } from './fault.js';
import type { Invariant } from './history.js';
import { DUPLICATE } from './network-faults.js';
import { KILL, LONG_FREEZE } from './process-faults.js';
import type { Random } from './random.js';
import { doubtfulScript } from './random-script.js';
import { playRound } from './round.js';
import { SABOTAGES, type Sabotage } from './sabotage.js';

export interface ControlResult {
  readonly name: string;
  /** What the checker found broken. */
  readonly broken: readonly Invariant[];
  readonly isRed: boolean;
}

/** As many as the sessions of one PostgreSQL are enough for. */
const AT_ONCE = 2;
const FAULTS = 3;
const STRIKE_MS = 60_000;
const SETTLE_MS = 9_000;
/** Chance decides what a fault meets. */
const TRIES = 3;

/** The fault that brings out each sabotage. */
const STRIKES: ReadonlyMap<string, Fault> = new Map([
  ['fence-off', LONG_FREEZE],
  ['publish-before-persist', KILL],
  ['no-dedup', DUPLICATE],
  ['repeat-in-doubt', KILL],
]);

/** Plays rounds on sabotaged servers: the checker must notice each sabotage, or its silence elsewhere means nothing. */
export async function playControls(cluster: Cluster, random: Random): Promise<ControlResult[]> {
  const results: ControlResult[] = [];
  const left = [...SABOTAGES];
  for (let pair = left.splice(0, AT_ONCE); pair.length > 0; pair = left.splice(0, AT_ONCE)) {
    results.push(...(await Promise.all(pair.map((sabotage) => playControl(cluster, sabotage, random.fork())))));
  }
  return results;
}

async function playControl(cluster: Cluster, sabotage: Sabotage, random: Random): Promise<ControlResult> {
  for (let tries = 1; ; tries += 1) {
    const result = await tryControl(cluster, sabotage, random.fork());
    if (result.isRed || tries === TRIES) return result;
  }
}

async function tryControl(cluster: Cluster, { name, breaks }: Sabotage, random: Random): Promise<ControlResult> {
  const { violations } = await playRound({
    ...{ cluster, random, topology: 'all+all', sabotage: name, users: 3, lanes: 0, faults: FAULTS },
    ...(name === 'repeat-in-doubt' ? { asks: doubtfulScript } : {}),
    ...{ only: [STRIKES.get(name) ?? KILL], deadlineMs: performance.now() + STRIKE_MS, settleMs: SETTLE_MS },
  });
  const broken = [...new Set(violations.map(({ invariant }) => invariant))].sort();
  return { name, broken, isRed: breaks.some((invariant) => broken.includes(invariant)) };
}
