/**
 * The chaos campaign: real servers in processes of their own, a bad network, a database that crashes, and afterwards the proof that nothing
 * was lost and nothing came twice. Exit code 0: every invariant held, and every sabotage was noticed.
 */
import { availableParallelism, totalmem } from 'node:os';
import { Cluster } from './cluster.js';
import { playControls } from './controls.js';
import { INVARIANTS } from './history.js';
import { readChaosOptions } from './options.js';
import { Random } from './random.js';
import { roundLines, summaryOf, Tally } from './report.js';
import { playRound } from './round.js';

/** Long enough to strike runs in every state, short enough to keep everything that was seen in memory. */
const ROUND_FAULTS = 100;
const SETTLE_MS = 90_000;
const MINUTE_MS = 60_000;

const options = readChaosOptions(process.argv.slice(2));
const random = new Random(options.seed);
const tally = new Tally();
const say = (line: string): void => void process.stdout.write(`${line}\n`);

say(`seed ${options.seed}, ${options.faults} faults, ${options.users} users a round`);
say(
  `${process.platform} ${process.arch}, ${availableParallelism()} cores, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}`,
);

const startedMs = performance.now();
const deadlineMs = startedMs + options.minutes * MINUTE_MS;
const cluster = await Cluster.start();
try {
  for (let round = 1; tally.faults < options.faults && performance.now() < deadlineMs; round += 1) {
    const result = await playRound({
      ...{ cluster, random: random.fork(), users: options.users, deadlineMs, settleMs: SETTLE_MS },
      topology: round % 2 === 1 ? 'all+all' : 'api+worker',
      faults: Math.min(ROUND_FAULTS, options.faults - tally.faults),
    });
    tally.add(result);
    for (const line of roundLines(round, result)) say(line);
  }
  for (const control of options.controls ? await playControls(cluster, random.fork()) : []) {
    tally.addControl(control);
    say(
      `control ${control.name}: ${control.isRed ? 'noticed' : 'NOT NOTICED'} (${control.broken.join(', ') || 'nothing'})`,
    );
  }
} finally {
  await cluster.stop();
}
for (const line of tally.lines(INVARIANTS)) say(line);
say(summaryOf(tally, { seed: options.seed, seconds: Math.round((performance.now() - startedMs) / 1_000) }));
process.exit(tally.isGreen ? 0 : 1);
