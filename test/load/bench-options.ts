import { parseArgs } from 'node:util';

export interface BenchOptions {
  readonly clients: number;
  readonly warmUpMs: number;
  readonly measureMs: number;
  /** One client alone: measured questions. */
  readonly singleRuns: number;
  readonly idleConnections: number;
  /** In the log, for what it costs to have a large one. */
  readonly storedEvents: number;
  /** Write docs/benchmarks.md. */
  readonly write: boolean;
  /** Exit with 1 when a target is missed: for a machine that does nothing else. */
  readonly gate: boolean;
  /** Unset: the embedded PostgreSQL in a temporary folder. */
  readonly databaseUrl: string | undefined;
}

/** `--clients 50 --seconds 20 --warm-up 8 --runs 300 --connections 2000 --stored 1000000 --write --gate`; BENCH_DATABASE_URL chooses the database. */
export function readBenchOptions(parameters: readonly string[]): BenchOptions {
  const { values } = parseArgs({
    args: [...parameters],
    options: {
      clients: { type: 'string', default: '50' },
      seconds: { type: 'string', default: '20' },
      'warm-up': { type: 'string', default: '8' },
      runs: { type: 'string', default: '300' },
      connections: { type: 'string', default: '2000' },
      stored: { type: 'string', default: '1000000' },
      write: { type: 'boolean', default: false },
      gate: { type: 'boolean', default: false },
    },
  });
  return {
    clients: count('clients', values.clients),
    warmUpMs: count('warm-up', values['warm-up']) * 1_000,
    measureMs: count('seconds', values.seconds) * 1_000,
    singleRuns: count('runs', values.runs),
    idleConnections: count('connections', values.connections),
    storedEvents: count('stored', values.stored),
    write: values.write,
    gate: values.gate,
    databaseUrl: process.env.BENCH_DATABASE_URL,
  };
}

function count(name: string, text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1)
    throw new TypeError(`--${name} must be a whole number from 1 up, not ${text}`);
  return value;
}
