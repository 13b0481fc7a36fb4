import { WRITERS, type LogMeasurements } from './log-measurements.js';
import type { Measurements } from './measurements.js';

/** The log is Goldenpath's alone. */
type Measured = Measurements & { readonly log?: LogMeasurements };

interface Row {
  readonly what: string;
  /** Undefined: the server has no such thing. */
  readonly of: (measured: Measured) => number | undefined;
  readonly digits: number;
  /** What issue 2 asks for. */
  readonly target?: Target;
}

interface Target {
  readonly limit: number;
  readonly is: 'at least' | 'at most';
}

const ROWS: readonly Row[] = [
  {
    what: 'runs/s, all clients',
    of: ({ load }) => load.runsPerSecond,
    digits: 1,
    target: { limit: 100, is: 'at least' },
  },
  { what: 'durable events/s', of: ({ load }) => load.durableEventsPerSecond, digits: 0 },
  { what: 'durable events a run', of: ({ load }) => load.durableEventsPerRun, digits: 1 },
  { what: 'run p50, ms', of: ({ load }) => load.runP50Ms, digits: 1 },
  { what: 'run p99, ms', of: ({ load }) => load.runP99Ms, digits: 1 },
  { what: 'agent_started p50, all clients, ms', of: ({ load }) => load.startedP50Ms, digits: 1 },
  { what: 'agent_started p99, all clients, ms', of: ({ load }) => load.startedP99Ms, digits: 1 },
  {
    what: 'agent_started p50, one client, ms',
    of: ({ single }) => single.startedP50Ms,
    digits: 2,
    target: { limit: 15, is: 'at most' },
  },
  {
    what: 'agent_started p99, one client, ms',
    of: ({ single }) => single.startedP99Ms,
    digits: 2,
    target: { limit: 60, is: 'at most' },
  },
  { what: 'runs/s, all clients, whole analysis', of: ({ log, whole }) => log && whole.runsPerSecond, digits: 1 },
  { what: 'durable events a run, whole analysis', of: ({ log, whole }) => log && whole.durableEventsPerRun, digits: 1 },
  { what: 'run p50, whole analysis, ms', of: ({ log, whole }) => log && whole.runP50Ms, digits: 1 },
  { what: 'server CPU a run, whole analysis, ms', of: ({ log, whole }) => log && whole.serverCpuMs, digits: 2 },
  { what: 'run p50, one client, ms', of: ({ single }) => single.runP50Ms, digits: 1 },
  { what: 'server CPU a run, ms', of: ({ load }) => load.serverCpuMs, digits: 2 },
  { what: 'load generator CPU a run, ms', of: ({ load }) => load.clientCpuMs, digits: 2 },
  {
    what: 'RSS an idle connection, KB',
    of: ({ idle }) => idle.rssKilobytesPerConnection,
    digits: 1,
    target: { limit: 15, is: 'at most' },
  },
  {
    what: 'heap an idle connection, KB',
    of: ({ idle }) => idle.heapKilobytesPerConnection,
    digits: 1,
    target: { limit: 15, is: 'at most' },
  },
  {
    what: 'RSS for 1,000 idle connections, MB',
    of: ({ idle }) => (idle.rssKilobytesPerConnection * 1_000) / 1024,
    digits: 1,
  },
  {
    what: `durable events/s, ${WRITERS} writers`,
    of: ({ log }) => log?.writers.eventsPerSecond,
    digits: 0,
    target: { limit: 20_000, is: 'at least' },
  },
  { what: 'append p50, ms', of: ({ log }) => log?.writers.appendP50Ms, digits: 2 },
  { what: 'append p99, ms', of: ({ log }) => log?.writers.appendP99Ms, digits: 2 },
  {
    what: 'replayed events/s',
    of: ({ log }) => log?.replayEventsPerSecond,
    digits: 0,
    target: { limit: 50_000, is: 'at least' },
  },
  { what: 'run p50, one client, large log, ms', of: ({ log }) => log?.grown.runP50Ms, digits: 1 },
  {
    what: 'run p50, large log ÷ empty log',
    of: ({ log, single }) => (log === undefined ? undefined : log.grown.runP50Ms / single.runP50Ms),
    digits: 2,
    target: { limit: 1.2, is: 'at most' },
  },
];

/** A Markdown table: Goldenpath beside the bare server, with the targets and whether they are met. */
export function resultsTable(goldenpath: Measured, bare: Measurements): string {
  const cells = ROWS.map((row) => [
    row.what,
    row.of(goldenpath)?.toFixed(row.digits) ?? '',
    row.of(bare)?.toFixed(row.digits) ?? '',
    verdict(row, row.of(goldenpath)),
  ]);
  const all = [['', 'Goldenpath', 'bare ws', 'target'], ...cells];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...all.map((line) => line[column]?.length ?? 0)));
  const lines = all.map((line) => `| ${line.map((cell, column) => padded(cell, column, widths)).join(' | ')} |`);
  const rule = `| ${widths.map((width, column) => (column === 1 || column === 2 ? `${'-'.repeat(width - 1)}:` : '-'.repeat(width))).join(' | ')} |`;
  return [lines[0], rule, ...lines.slice(1)].join('\n');
}

/** The targets that were missed, a line each. */
export function missedTargets(goldenpath: Measured): string[] {
  return ROWS.flatMap((row) => {
    const value = row.of(goldenpath);
    if (row.target === undefined || value === undefined || isMet(row.target, value)) return [];
    return [`${row.what}: ${value.toFixed(row.digits)}, ${row.target.is} ${row.target.limit} was the target`];
  });
}

function padded(cell: string, column: number, widths: readonly number[]): string {
  const width = widths[column] ?? 0;
  return column === 1 || column === 2 ? cell.padStart(width) : cell.padEnd(width);
}

function verdict({ target }: Row, value: number | undefined): string {
  if (target === undefined || value === undefined) return '';
  return `${target.is} ${target.limit}: ${isMet(target, value) ? 'met' : 'missed'}`;
}

const isMet = ({ limit, is }: Target, value: number): boolean => (is === 'at least' ? value >= limit : value <= limit);
