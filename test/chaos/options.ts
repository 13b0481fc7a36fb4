import { parseArgs } from 'node:util';

export interface ChaosOptions {
  readonly seed: number;
  readonly faults: number;
  /** The campaign begins no new round after this time. */
  readonly minutes: number;
  readonly users: number;
  /** Also show that the checker sees what sabotaged servers do. */
  readonly controls: boolean;
}

const SHORT_FAULTS = 200;
const SHORT_MINUTES = 4;
const LONG_FAULTS = 20_000;
const LONG_MINUTES = 24 * 60;

/** `--seed 42 --faults 200 --minutes 4 --users 8 --long --no-controls` */
export function readChaosOptions(parameters: readonly string[]): ChaosOptions {
  const { values } = parseArgs({
    args: [...parameters],
    allowNegative: true,
    options: {
      seed: { type: 'string', default: String(Date.now() % 1_000_000) },
      faults: { type: 'string' },
      minutes: { type: 'string' },
      users: { type: 'string', default: '8' },
      long: { type: 'boolean', default: false },
      controls: { type: 'boolean', default: true },
    },
  });
  return {
    seed: count('seed', values.seed),
    faults: count('faults', values.faults ?? (values.long ? LONG_FAULTS : SHORT_FAULTS)),
    minutes: count('minutes', values.minutes ?? (values.long ? LONG_MINUTES : SHORT_MINUTES)),
    users: count('users', values.users),
    controls: values.controls,
  };
}

function count(name: string, text: string | number): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0) throw new Error(`--${name} must be a whole number, not ${text}.`);
  return value;
}
