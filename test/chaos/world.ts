import { Cluster } from './cluster.js';
import type { Topology } from './fleet.js';
import type { ChaosOptions } from './options.js';
import { KILL_OWNER } from './process-faults.js';
import type { Random } from './random.js';
import { RedisUnderTest } from './redis-under-test.js';
import { playRound, type RoundResult } from './round.js';

const SETTLE_MS = 90_000;

/** By turns, so that each topology is joined by PostgreSQL and by Redis. */
const ROUNDS: readonly { readonly topology: Topology; readonly withRedis: boolean }[] = [
  { topology: 'all+all', withRedis: true },
  { topology: 'api+worker+worker', withRedis: false },
  { topology: 'all+all', withRedis: false },
  { topology: 'api+worker+worker', withRedis: true },
];

/** A PostgreSQL and a Redis of the harness' own, on which round after round is played. */
export class World {
  private rounds = 0;

  private constructor(
    readonly cluster: Cluster,
    private readonly redis: RedisUnderTest | undefined,
    private readonly random: Random,
  ) {}

  static async open(random: Random): Promise<World> {
    return new World(await Cluster.start(), await RedisUnderTest.open(), random);
  }

  get hasRedis(): boolean {
    return this.redis !== undefined;
  }

  playRound(options: ChaosOptions, limits: { faults: number; deadlineMs: number }): Promise<RoundResult> {
    const { topology, withRedis } = ROUNDS[this.rounds++ % ROUNDS.length] ?? { topology: 'all+all', withRedis: false };
    return playRound({
      ...{ cluster: this.cluster, redis: withRedis ? this.redis : undefined, topology, settleMs: SETTLE_MS },
      ...{ random: this.random.fork(), users: options.users, lanes: options.lanes, ...limits },
      ...(options.takeOver ? { only: [KILL_OWNER] } : {}),
    });
  }

  async close(): Promise<void> {
    await this.redis?.close();
    await this.cluster.stop();
  }
}
