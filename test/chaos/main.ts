/**
 * The chaos campaign: real servers in processes of their own, a bad network, a database that crashes, and afterwards the proof that nothing
 * was lost and nothing came twice. Exit code 0: as many faults struck as were asked for, every invariant held, runs were taken
 * over in time, and every sabotage was noticed.
 */
import { availableParallelism, loadavg, totalmem } from 'node:os';
import { playControls } from './controls.js';
import { INVARIANTS } from './history.js';
import { MachineLoad } from './machine-load.js';
import { readChaosOptions } from './options.js';
import { Random } from './random.js';
import { controlLine, roundLines, summaryOf, Tally } from './report.js';
import { World } from './world.js';

const MINUTE_MS = 60_000;

const options = readChaosOptions(process.argv.slice(2));
const random = new Random(options.seed);
const tally = new Tally(options.faults);
const say = (line: string): void => void process.stdout.write(`${line}\n`);

say(`seed ${options.seed}, ${options.faults} faults, ${options.users} users a round`);
say(
  `${process.platform} ${process.arch}, ${availableParallelism()} cores, load ${loadavg()[0]?.toFixed(1)}, ` +
    `${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}`,
);

const startedMs = performance.now();
const deadlineMs = startedMs + options.minutes * MINUTE_MS;
const worlds = await Promise.all(Array.from({ length: options.worlds }, () => World.open(random.fork())));
if (worlds.some(({ hasRedis }) => !hasRedis)) say('There is no redis-server here: its faults are left out.');
let promised = 0;

/** Round after round in one world, until all worlds together have had enough. */
async function play(world: World): Promise<void> {
  while (promised < options.faults && performance.now() < deadlineMs) {
    const faults = Math.min(options.roundFaults, options.faults - promised);
    promised += faults;
    const load = new MachineLoad();
    const result = await world.playRound(options, { faults, deadlineMs }).finally(() => load.stop());
    tally.add(result, load.stop());
    for (const line of roundLines(tally.rounds, result)) say(line);
  }
}

try {
  await Promise.all(worlds.map(play));
  const [world] = worlds;
  for (const control of options.controls && world !== undefined
    ? await playControls(world.cluster, random.fork())
    : []) {
    tally.addControl(control);
    say(controlLine(control));
  }
} finally {
  await Promise.all(worlds.map((world) => world.close()));
}
for (const line of tally.lines(INVARIANTS)) say(line);
say(summaryOf(tally, { seed: options.seed, seconds: Math.round((performance.now() - startedMs) / 1_000) }));
process.exit(tally.isGreen ? 0 : 1);
