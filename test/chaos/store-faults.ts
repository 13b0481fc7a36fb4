import { setTimeout as pause } from 'node:timers/promises';
import type { Cluster } from './cluster.js';
import type { Fault } from './fault.js';
import type { Random } from './random.js';
import type { RedisUnderTest } from './redis-under-test.js';

/** Faults of the database: one at a time, by turns with those of servers. */
export const DATABASE_FAULTS: readonly Fault[] = [
  fault('database sessions ended', 4, (cluster, random) => cluster.endSessions(random, random.pick([0.2, 0.6, 1]))),
  fault('database frozen', 2, (cluster, random) => cluster.freeze(random.between(100, 4_000))),
  fault('database session kill -9', 2, (cluster, random) => cluster.crashSession(random)),
  fault('database shutdown immediate', 2, (cluster) => cluster.end('SIGQUIT')),
  fault('database shutdown fast', 1, (cluster) => cluster.end('SIGINT')),
  fault('database kill -9', 2, (cluster) => cluster.end('SIGKILL')),
];

function fault(name: string, weight: number, strike: (cluster: Cluster, random: Random) => Promise<void>): Fault {
  return {
    name,
    weight,
    strike: async ({ cluster, takeOvers }, random) => {
      takeOvers.disturb();
      await strike(cluster, random);
      // Also what was lost while it was away waited for it.
      takeOvers.disturb();
      return true;
    },
  };
}

const MINUTE_MS = 60_000;
/** How wrong a clock may be; tokens of the harness are valid for longer on both sides. */
const JUMPS_MS = [2_000, 10_000, 5 * MINUTE_MS, 60 * MINUTE_MS, 300 * MINUTE_MS];
const AWAY_MS = [300, 5_000] as const;

/** Clocks and Redis: nothing may depend on them, so these do not count as disturbing a take-over. */
export const SIDE_FAULTS: readonly Fault[] = [
  {
    name: 'clock jump',
    weight: 6,
    strike: ({ fleet }, random) => {
      const sign = random.pick([-1, 1]);
      random.pick(fleet.servers).setClock(random.chance(0.2) ? 0 : sign * random.pick(JUMPS_MS));
      return Promise.resolve(true);
    },
  },
  redisFault('Redis away', 2, (redis, random) => redis.takeAway(random.between(...AWAY_MS))),
  redisFault('Redis frozen', 1, (redis, random) => redis.freeze(random.between(...AWAY_MS))),
  redisFault('Redis kill -9', 1, async (redis, random) => {
    await redis.kill();
    await pause(random.between(...AWAY_MS));
    await redis.start();
  }),
  redisFault('Redis flushall', 2, (redis) => redis.flush()),
];

function redisFault(
  name: string,
  weight: number,
  strike: (redis: RedisUnderTest, random: Random) => Promise<void>,
): Fault {
  return {
    name,
    weight,
    strike: async ({ redis }, random) => {
      if (redis === undefined) return false;
      await strike(redis, random);
      return true;
    },
  };
}
