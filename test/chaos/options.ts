import { parseArgs } from 'node:util';

export interface ChaosOptions {
  readonly seed: number;
  readonly faults: number;
  /** Of one round, which has a database of its own: everything that is seen in it is kept in memory. */
  readonly roundFaults: number;
  /** The campaign begins no new fault after this time; if that leaves fewer than asked for, it failed. */
  readonly minutes: number;
  readonly users: number;
  /** Lanes of network faults at once. */
  readonly lanes: number;
  /** Databases with their servers and users at once. */
  readonly worlds: number;
  /** Also show that the checker sees what sabotaged servers do. */
  readonly controls: boolean;
  /** Nothing but kills of busy servers, as many as this, to measure take-overs. */
  readonly takeOver: boolean;
}

const SHORT = { faults: 200, roundFaults: 100, minutes: 10, users: 8, lanes: 5 };
const LONG = { faults: 20_000, roundFaults: 1_000, minutes: 24 * 60, users: 20, lanes: 28 };
/** A round has so many kills, each of a server that is busy. */
const TAKE_OVERS = { faults: 100, roundFaults: 20, minutes: 24 * 60, users: 12, lanes: 10 };

/** `--seed 42 --faults 200 --minutes 10 --users 8 --lanes 5 --worlds 1 --long --no-controls --take-over 100` */
export function readChaosOptions(parameters: readonly string[]): ChaosOptions {
  const { values } = parseArgs({
    args: [...parameters],
    allowNegative: true,
    options: {
      seed: { type: 'string', default: String(Date.now() % 1_000_000) },
      faults: { type: 'string' },
      'round-faults': { type: 'string' },
      minutes: { type: 'string' },
      users: { type: 'string' },
      lanes: { type: 'string' },
      worlds: { type: 'string', default: '1' },
      long: { type: 'boolean', default: false },
      controls: { type: 'boolean', default: true },
      'take-over': { type: 'string' },
    },
  });
  const profile = values['take-over'] !== undefined ? TAKE_OVERS : values.long ? LONG : SHORT;
  const takeOver = values['take-over'];
  return {
    seed: count('seed', values.seed),
    faults: count('faults', takeOver ?? values.faults ?? profile.faults),
    roundFaults: count('round-faults', values['round-faults'] ?? profile.roundFaults),
    minutes: count('minutes', values.minutes ?? profile.minutes),
    users: count('users', values.users ?? profile.users),
    lanes: count('lanes', values.lanes ?? profile.lanes),
    worlds: count('worlds', values.worlds),
    controls: values.controls && takeOver === undefined,
    takeOver: takeOver !== undefined,
  };
}

function count(name: string, text: string | number): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0) throw new Error(`--${name} must be a whole number, not ${text}.`);
  return value;
}
