import { setTimeout as pause } from 'node:timers/promises';
import type { ChaosUser } from './chaos-user.js';
import type { Cluster } from './cluster.js';
import type { Fleet } from './fleet.js';
import { LINK_FAULTS } from './faulty-proxy.js';
import type { Random } from './random.js';
import type { ServerUnderTest } from './server-under-test.js';
import { TAKE_OVER_MS, type TakeOvers } from './take-overs.js';

/** What faults strike. */
export interface Target {
  readonly cluster: Cluster;
  readonly fleet: Fleet;
  readonly users: readonly ChaosUser[];
  readonly takeOvers: TakeOvers;
}

export interface Fault {
  readonly name: string;
  /** How often it is picked, against the others of its kind. */
  readonly weight: number;
  /** Strikes, and takes back what must not last; false when there was nothing to strike. */
  strike(target: Target, random: Random): Promise<boolean>;
}

/** Longer than a lease, so that the frozen server's runs are taken over before it goes on. */
const LONG_FREEZE_MS = 4_500;

export const KILL: Fault = { name: 'server kill -9', weight: 10, strike: killServer };

export const LONG_FREEZE: Fault = {
  name: 'server frozen',
  weight: 1,
  strike: (target, random) => freezeServer(target, random, LONG_FREEZE_MS),
};

export const DUPLICATE: Fault = {
  name: 'duplicate submit',
  weight: 3,
  strike: ({ users }, random) => random.pick(users).duplicate(random),
};

/** Faults of clients and the network: many at a time. */
export const NETWORK_FAULTS: readonly Fault[] = [
  ...LINK_FAULTS.map((name): Fault => ({
    name: `network ${name}`,
    weight: name === 'cut' ? 6 : 2,
    strike: ({ fleet }, random) => Promise.resolve(random.pick(fleet.proxies).apply(name, random)),
  })),
  {
    name: 'slow reader',
    weight: 3,
    strike: async ({ users }, random) => {
      await random.pick(random.pick(users).viewers).stall(random.between(300, 5_000));
      return true;
    },
  },
  DUPLICATE,
  { name: 'cancel', weight: 2, strike: ({ users }, random) => random.pick(users).cancel(random) },
];

/** Faults of processes: one at a time. */
export const PROCESS_FAULTS: readonly Fault[] = [
  KILL,
  {
    name: 'server frozen',
    weight: 5,
    strike: (target, random) => freezeServer(target, random, random.between(200, 6_000)),
  },
  { name: 'server SIGTERM', weight: 1, strike: restartServer },
  {
    name: 'database sessions ended',
    weight: 3,
    strike: async ({ cluster }, random) => {
      await cluster.endSessions(random, random.pick([0.2, 0.6, 1]));
      return true;
    },
  },
  {
    name: 'database frozen',
    weight: 2,
    strike: async ({ cluster, takeOvers }, random) => {
      takeOvers.disturb();
      await cluster.freeze(random.between(100, 4_000));
      return true;
    },
  },
  {
    name: 'database session kill -9',
    weight: 1,
    strike: async ({ cluster, takeOvers }, random) => {
      takeOvers.disturb();
      await cluster.crashSession(random);
      return true;
    },
  },
  {
    name: 'database crash',
    weight: 1,
    strike: async ({ cluster, takeOvers }) => {
      takeOvers.disturb();
      await cluster.crash();
      return true;
    },
  },
];

async function killServer({ fleet, takeOvers }: Target, random: Random): Promise<boolean> {
  const server = runningServer(fleet, random);
  if (server === undefined) return false;
  const isAlone = !othersWork(fleet, server);
  const { pid } = server;
  await server.end('SIGKILL');
  if (isAlone) takeOvers.disturb();
  else await takeOvers.lost(pid);
  fleet.restart(server, random.between(0, 2_500));
  // Now and then nothing else strikes until its runs have been taken over: those tell how long that takes.
  if (!isAlone && random.chance(0.7)) await pause(TAKE_OVER_MS);
  return true;
}

async function freezeServer({ fleet, takeOvers }: Target, random: Random, durationMs: number): Promise<boolean> {
  const server = runningServer(fleet, random);
  if (server === undefined) return false;
  takeOvers.disturb();
  server.freeze();
  await pause(durationMs);
  server.thaw();
  return true;
}

async function restartServer({ fleet, takeOvers }: Target, random: Random): Promise<boolean> {
  const server = runningServer(fleet, random);
  if (server === undefined) return false;
  takeOvers.disturb();
  await server.end('SIGTERM');
  fleet.restart(server, 0);
  return true;
}

function runningServer(fleet: Fleet, random: Random): ServerUnderTest | undefined {
  const running = fleet.servers.filter(({ isUp }) => isUp);
  return running.length === 0 ? undefined : random.pick(running);
}

const othersWork = (fleet: Fleet, struck: ServerUnderTest): boolean =>
  fleet.servers.some((server) => server !== struck && server.isUp && !server.name.startsWith('api'));

/** One of these, by weight. */
export function pickFault(faults: readonly Fault[], random: Random): Fault {
  const place = random.next() * faults.reduce((sum, { weight }) => sum + weight, 0);
  let passed = 0;
  const picked = faults.find(({ weight }) => (passed += weight) > place) ?? faults[0];
  if (picked === undefined) throw new Error('no faults to pick from');
  return picked;
}
