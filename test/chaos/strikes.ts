import { setTimeout as pause } from 'node:timers/promises';
import { Deck, type Fault, type Target } from './fault.js';
import { NETWORK_FAULTS } from './network-faults.js';
import { STUCK_READERS } from './stuck-readers.js';
import { SERVER_FAULTS } from './process-faults.js';
import type { Random } from './random.js';
import { DATABASE_FAULTS, SIDE_FAULTS } from './store-faults.js';

export interface StrikeOptions {
  readonly random: Random;
  readonly faults: number;
  /** How many lanes of network faults there are at once. */
  readonly lanes: number;
  /** When to stop, on the scale of performance.now(). */
  readonly deadlineMs: number;
  /** Only these faults, one by one, and nothing else. */
  readonly only?: readonly Fault[];
}

interface Lane {
  readonly faults: readonly Fault[];
  /** Between two faults. */
  readonly gapMs: readonly [number, number];
  /** Begins no fault when more than this part of all has struck. */
  readonly share?: number;
}

const NETWORK: Lane = { faults: NETWORK_FAULTS, gapMs: [100, 1_500] };
// A stuck reader may take most of a minute: a short round must not end with waiting for one.
const STUCK: Lane = { faults: STUCK_READERS, gapMs: [1_000, 8_000], share: 0.5 };
const PROCESSES: Lane = { faults: [...SERVER_FAULTS, ...DATABASE_FAULTS], gapMs: [100, 1_000] };
const SIDE: Lane = { faults: SIDE_FAULTS, gapMs: [500, 3_000] };

/** Lanes of faults at once, until there have been enough. Answers how often each fault struck. */
export async function strike(target: Target, options: StrikeOptions): Promise<Map<string, number>> {
  const struck = new Map<string, number>();
  let count = 0;
  const goesOn = (share = 1): boolean => count < options.faults * share && performance.now() < options.deadlineMs;
  const run = async ({ faults, gapMs, share }: Lane): Promise<void> => {
    const random = options.random.fork();
    const deck = new Deck(faults, random);
    while (goesOn(share)) {
      await pause(random.between(...gapMs));
      const fault = deck.draw();
      if (!(await fault.strike(target, random.fork()))) continue;
      count += 1;
      struck.set(fault.name, (struck.get(fault.name) ?? 0) + 1);
    }
  };
  if (options.only !== undefined) await run({ faults: options.only, gapMs: PROCESSES.gapMs });
  else {
    const lanes = [...Array<Lane>(options.lanes).fill(NETWORK), PROCESSES, SIDE, STUCK];
    await Promise.all([...lanes.map(run), trespass(target, goesOn)]);
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
