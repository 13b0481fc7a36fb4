import { PriceBook } from '../prices/price-book.js';
import { usdDecimal } from '../prices/money.js';
import { SeededRandom } from './seeded-random.js';
import { INCIDENT, WORKLOADS } from './workloads.table.js';
import type { Workload } from './workloads.table.js';

/** Under this name the sample is imported; every report shows it. */
export const SAMPLE_LABEL = 'Synthetic sample company';

export interface SampleOptions {
  readonly seed?: number;
  /** Up to SAMPLE_END; sixty by default. */
  readonly days?: number;
}

/** The moment after the last day. */
export const SAMPLE_END = new Date('2026-08-28T00:00:00Z');

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
/** Day 0 is a Monday, this many days before the end; growth is counted from there, before and after. */
const USUAL_DAYS = 60;
const DEFAULTS = { seed: 20_260_701, days: USUAL_DAYS };

const COLUMNS = [
  'timestamp',
  'end_time',
  'provider',
  'model',
  'requests',
  'input_tokens',
  'cached_tokens',
  'output_tokens',
  'cost',
  'status',
  'error_type',
  'latency_ms',
  'stream',
  'team',
  'feature',
  'user',
];

/**
 * Usage of a company that does not exist, as lines of a CSV file in the generic format: teams, features, models, a weekly
 * rhythm, growth, an untagged part, an incident of two days, failed requests and a gateway that bills one model too high. The same options
 * give the same lines. Import it as synthetic, under SAMPLE_LABEL.
 */
export function* sampleUsage(options: SampleOptions = {}): Generator<string> {
  const { seed, days } = { ...DEFAULTS, ...options };
  const random = new SeededRandom(seed);
  const prices = new PriceBook();
  yield `${COLUMNS.join(',')}\n`;
  for (let day = USUAL_DAYS - days; day < USUAL_DAYS; day += 1) {
    const midnight = SAMPLE_END.getTime() - (USUAL_DAYS - day) * DAY_MS;
    const rows = WORKLOADS.flatMap((workload) => dayOf({ workload, day, midnight, random, prices }));
    for (const { line } of rows.sort((a, b) => a.time - b.time)) yield `${line}\n`;
  }
}

interface Day {
  readonly workload: Workload;
  readonly day: number;
  readonly midnight: number;
  readonly random: SeededRandom;
  readonly prices: PriceBook;
}

interface TimedLine {
  readonly time: number;
  readonly line: string;
}

function dayOf(day: Day): TimedLine[] {
  const { workload, random } = day;
  const isWeekend = [0, 6].includes(new Date(day.midnight).getUTCDay());
  const planned =
    workload.rowsPerDay * (isWeekend ? workload.weekendShare : 1) * (isIncident(day) ? INCIDENT.rowsFactor : 1);
  const isBuckets = workload.callsPerRow !== undefined;
  // Buckets come at fixed hours and grow; requests become more.
  const count = isBuckets ? Math.round(planned) : random.around(planned * growthOf(day), 0.08);
  return Array.from({ length: count }, (_, index) => (isBuckets ? bucketRow(day, index / count) : requestRow(day)));
}

function requestRow(day: Day): TimedLine {
  const { workload, random } = day;
  const [firstHour, lastHour] = workload.hours;
  const time = day.midnight + Math.floor((firstHour + random.next() * (lastHour - firstHour + 1)) * HOUR_MS);
  const incident = isIncident(day);
  const input = random.around(workload.inputTokens * (incident ? INCIDENT.inputFactor : 1), 0.45);
  const failed = random.next() < (incident ? INCIDENT.errorShare : workload.errorShare);
  const row = {
    time,
    input,
    cached: failed ? 0 : Math.floor(input * workload.cachedShare * random.next() * 2),
    output: failed ? 0 : random.around(workload.outputTokens, 0.6),
    calls: undefined,
    failed,
    latencyMs: random.around(workload.latencyMs, 0.4),
    user: `user-${workload.team}-${random.below(workload.users) + 1}`,
  };
  return lineOf(day, row);
}

function bucketRow(day: Day, shareOfDay: number): TimedLine {
  const { workload, random } = day;
  const [firstHour, lastHour] = workload.hours;
  const time = day.midnight + (firstHour + Math.floor(shareOfDay * (lastHour - firstHour + 1))) * HOUR_MS;
  const calls = random.around((workload.callsPerRow ?? 1) * growthOf(day), 0.1);
  const mean = (tokens: number) => Math.round(calls * tokens * (0.97 + 0.06 * random.next()));
  const [input, output] = [mean(workload.inputTokens), mean(workload.outputTokens)];
  return lineOf(day, {
    time,
    input,
    cached: 0,
    output,
    calls,
    failed: false,
    latencyMs: random.around(workload.latencyMs, 0.05),
    user: '',
  });
}

interface Row {
  readonly time: number;
  readonly input: number;
  readonly cached: number;
  readonly output: number;
  readonly calls: number | undefined;
  readonly failed: boolean;
  readonly latencyMs: number;
  readonly user: string;
}

function lineOf(day: Day, row: Row): TimedLine {
  const { workload } = day;
  const cells = [
    new Date(row.time).toISOString(),
    row.calls === undefined ? '' : new Date(row.time + HOUR_MS).toISOString(),
    workload.provider,
    modelOn(day),
    row.calls ?? '',
    row.input,
    row.cached,
    row.output,
    reportedUsd(day, row),
    row.failed ? 'error' : 'ok',
    row.failed ? 'timeout' : '',
    row.latencyMs,
    workload.stream,
    workload.team,
    workload.feature,
    row.user,
  ];
  return { time: row.time, line: cells.join(',') };
}

/** Nobody uses a model before it is there. */
const modelOn = ({ workload: { model, before }, midnight }: Day): string =>
  before !== undefined && midnight < Date.parse(before.until) ? before.model : model;

function reportedUsd(day: Day, row: Row): string {
  const { workload, prices } = day;
  const { costNanoUsd = 0n } = prices.price({
    modelRaw: modelOn(day),
    provider: workload.provider,
    at: new Date(row.time),
    rowKind: row.calls === undefined ? 'request' : 'bucket',
    requests: row.calls ?? null,
    inputUncached: row.input - row.cached,
    cacheRead: row.cached,
    cacheWrite5m: 0,
    cacheWrite1h: 0,
    output: row.output,
  });
  return usdDecimal((costNanoUsd * BigInt(Math.round(workload.reportedShare * 100))) / 100n);
}

const isIncident = ({ workload, day }: Day): boolean =>
  workload.feature === INCIDENT.feature && day >= INCIDENT.firstDay && day <= INCIDENT.lastDay;

const growthOf = ({ workload, day }: Day): number => (1 + workload.dailyGrowth) ** day;
