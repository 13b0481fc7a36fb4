import { setTimeout as pause } from 'node:timers/promises';
import type { Fault, Target } from './fault.js';
import type { Fleet } from './fleet.js';
import type { Random } from './random.js';
import type { ServerUnderTest } from './server-under-test.js';
import { TAKE_OVER_MS } from './take-overs.js';

/** How often nothing else strikes until the runs of a killed server have been taken over: those tell how long that takes. */
const OBSERVED = 0.3;
const READY_MS = 60_000;

const KILL: Fault = {
  name: 'server kill -9',
  weight: 10,
  strike: async (target, random) => {
    const server = runningServer(target.fleet, random);
    const isAlone = server !== undefined && !othersWork(target.fleet, server);
    if (!(await killServer(target, server, random))) return false;
    if (!isAlone && random.chance(OBSERVED)) await pause(TAKE_OVER_MS);
    return true;
  },
};

/** The server that owns most runs is killed, and nothing else strikes until it is back: what a take-over takes. */
export const KILL_OWNER: Fault = {
  name: 'owner kill -9',
  weight: 1,
  strike: async (target, random) => {
    const pid = await target.takeOvers.busiestOwner();
    const server = target.fleet.servers.find((each) => each.isUp && each.pid === pid);
    if (server === undefined || !othersWork(target.fleet, server)) return false;
    await killServer(target, server, random);
    await pause(TAKE_OVER_MS);
    for (let waitedMs = 0; !server.isUp && waitedMs < READY_MS; waitedMs += 100) await pause(100);
    return true;
  },
};

/** Faults of servers: one at a time. */
export const SERVER_FAULTS: readonly Fault[] = [
  KILL,
  {
    name: 'server frozen',
    weight: 7,
    strike: (target, random) => freezeServer(target, random, random.between(200, 5_000)),
  },
  {
    name: 'server frozen for long',
    weight: 1,
    strike: (target, random) => freezeServer(target, random, TAKE_OVER_MS + random.between(500, 1_500)),
  },
  { name: 'server SIGTERM', weight: 1, strike: restartServer },
];

async function killServer(
  { fleet, takeOvers }: Target,
  server: ServerUnderTest | undefined,
  random: Random,
): Promise<boolean> {
  if (server === undefined) return false;
  const isAlone = !othersWork(fleet, server);
  const { pid } = server;
  const lostMs = Date.now();
  await server.end('SIGKILL');
  if (isAlone) takeOvers.disturb();
  else await takeOvers.lost(pid, lostMs);
  fleet.restart(server, random.between(0, 2_500));
  return true;
}

async function freezeServer({ fleet, takeOvers }: Target, random: Random, durationMs: number): Promise<boolean> {
  const server = runningServer(fleet, random);
  if (server === undefined) return false;
  const lostMs = Date.now();
  server.freeze();
  if (durationMs > TAKE_OVER_MS && othersWork(fleet, server)) await takeOvers.lost(server.pid, lostMs);
  else takeOvers.disturb();
  await pause(durationMs - (Date.now() - lostMs));
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
