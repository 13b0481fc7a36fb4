import type { ControlResult } from './controls.js';
import type { Invariant, Violation } from './history.js';
import type { RoundCounts, RoundResult } from './round.js';
import type { MemoryReport } from './server-memory.js';

const SHOWN_MAX = 20;
const HEAVY = /^(server|owner|database|Redis)/;
/** No server may ever hold more. */
const MEMORY_MAX_MIB = 1_024;
/** What a user waits for the next worker. */
const TAKE_OVER_P99_MAX_MS = 5_000;
/** Fewer tell nothing of a p99. */
const TAKE_OVERS_MIN = 5;
/** A machine with more work than this measures its own queue of processes. */
const LOAD_PER_CORE_MAX = 4;

/** What all rounds of a campaign came to. */
export class Tally {
  readonly violations: Violation[] = [];
  private readonly struck = new Map<string, number>();
  private readonly takeOversMs: number[] = [];
  /** Of rounds on a machine that was not overloaded. */
  private readonly quietTakeOversMs: number[] = [];
  private mostLoad = 0;
  private readonly finalsMs: number[] = [];
  private readonly counts: RoundCounts[] = [];
  private readonly controls: ControlResult[] = [];
  private readonly memory: MemoryReport[] = [];

  /** How many faults were asked for. */
  constructor(private readonly asked: number) {}

  get faults(): number {
    return sum([...this.struck.values()]);
  }

  /** Of processes, the database and Redis. */
  get heavy(): number {
    return sum([...this.struck].flatMap(([name, count]) => (HEAVY.test(name) ? [count] : [])));
  }

  get isGreen(): boolean {
    return this.failures().length === 0;
  }

  /** Why the campaign failed, a line each. */
  failures(): string[] {
    const unnoticed = this.controls.filter(({ isRed }) => !isRed);
    const quietP99 = percentile(this.quietTakeOversMs, 0.99);
    return [
      ...(this.faults < this.asked ? [`only ${this.faults} of ${this.asked} faults struck in the time there was`] : []),
      ...(this.violations.length > 0 ? [`${this.violations.length} violations`] : []),
      ...(this.mostMib > MEMORY_MAX_MIB ? [`a server held ${this.mostMib} MiB, more than ${MEMORY_MAX_MIB}`] : []),
      ...(this.quietTakeOversMs.length >= TAKE_OVERS_MIN && quietP99 > TAKE_OVER_P99_MAX_MS
        ? [`take-over p99 ${quietP99} ms, more than ${TAKE_OVER_P99_MAX_MS}`]
        : []),
      ...unnoticed.map(({ name }) => `the control ${name} was not noticed`),
    ];
  }

  /** What was missed, or not looked at, where the machine is to blame. */
  warnings(): string[] {
    const judged = this.quietTakeOversMs.length;
    if (judged >= TAKE_OVERS_MIN || this.takeOversMs.length === 0) return [];
    const load = `load average up to ${this.mostLoad.toFixed(1)} per core`;
    return [
      `take-over p99 ${this.takeOverP99()} was not judged: ${judged} take-overs at ${LOAD_PER_CORE_MAX} or less, ${load}`,
    ];
  }

  get rounds(): number {
    return this.counts.length;
  }

  total(count: keyof RoundCounts): number {
    return sum(this.counts.map((counts) => counts[count]));
  }

  private get mostMib(): number {
    return Math.max(0, ...this.memory.map(({ mostMib }) => mostMib));
  }

  noticed(): string {
    return `${this.controls.filter(({ isRed }) => isRed).length}/${this.controls.length}`;
  }

  /** `load`: the highest load average per core while the round was played. */
  add(result: RoundResult, load: number): void {
    this.violations.push(...result.violations);
    for (const [name, count] of result.faults) this.struck.set(name, (this.struck.get(name) ?? 0) + count);
    this.takeOversMs.push(...result.takeOversMs);
    if (load <= LOAD_PER_CORE_MAX) this.quietTakeOversMs.push(...result.takeOversMs);
    this.mostLoad = Math.max(this.mostLoad, load);
    this.finalsMs.push(...result.finalsMs);
    this.counts.push(result.counts);
    this.memory.push(result.memory);
  }

  takeOverP99(): string {
    return this.takeOversMs.length === 0 ? 'not measured' : `${percentile(this.takeOversMs, 0.99)} ms`;
  }

  addControl(result: ControlResult): void {
    this.controls.push(result);
  }

  /** The tables at the end. */
  lines(invariants: Readonly<Record<Invariant, string>>): string[] {
    const faults = [...this.struck].sort(([, left], [, right]) => right - left);
    return [
      ...faults.map(([name, count]) => `fault     ${String(count).padStart(6)} × ${name}`),
      ...Object.entries(invariants).map(
        ([name, meaning]) => `violated  ${String(this.violated(name)).padStart(6)} × ${name} ${meaning}`,
      ),
      `take-over of a lost worker's run, ms: ${percentiles(this.takeOversMs)}`,
      `accepted to final event, faults included, ms: ${percentiles(this.finalsMs)}`,
      `load average per core: at most ${this.mostLoad.toFixed(1)}`,
      `memory of a server: ${this.mostMib} MiB at most; growth a minute, MiB: ${percentiles(this.memory.flatMap(({ growthsMib }) => growthsMib))}`,
      `stuck readers that were ended: ${this.total('stuckTooSlow')} as too slow, ${this.total('stuckWithServer')} with their server, ` +
        `${this.total('stuckOtherwise')} otherwise (no answer to pings, or by their network)`,
      ...this.warnings().map((warning) => `warning: ${warning}`),
      ...this.failures().map((failure) => `failed: ${failure}`),
    ];
  }

  private violated(invariant: string): number {
    return this.violations.filter((violation) => violation.invariant === invariant).length;
  }
}

/** What one round came to; its first violations. */
export function roundLines(round: number, { violations, faults, counts, folder }: RoundResult): string[] {
  const struck = sum([...faults.values()]);
  const shown = violations.slice(0, SHOWN_MAX).map(({ invariant, detail }) => `  ${invariant}: ${detail}`);
  const { runs, resumedRuns, events, seen, connections, effects } = counts;
  return [
    `round ${round}: ${struck} faults, ${runs} runs (${resumedRuns} taken over), ${events} events, ${seen} seen over ` +
      `${connections} connections, ${effects} effects, ${violations.length} violations`,
    ...shown,
    ...(violations.length > 0 ? [`  logs are in ${folder}`] : []),
  ];
}

/** What became of one control. */
export function controlLine({ name, situation, cameUp, broken, isRed }: ControlResult): string {
  const verdict = isRed ? 'noticed' : cameUp === 0 ? 'DID NOT COME UP' : 'NOT NOTICED';
  return `control ${name}: ${verdict} (broken: ${broken.join(', ') || 'nothing'}; ${cameUp} × ${situation})`;
}

/** The one line that says it all. */
export function summaryOf(tally: Tally, { seed, seconds }: { seed: number; seconds: number }): string {
  const counts = [
    `${tally.faults} faults (${tally.heavy} of processes and stores)`,
    `${tally.total('runs')} runs`,
    `${tally.total('events')} events`,
    `${tally.total('seen')} seen`,
    `${tally.violations.length} violations`,
    `take-over p99 ${tally.takeOverP99()}`,
    `controls noticed ${tally.noticed()}`,
  ];
  return `chaos ${tally.isGreen ? 'passed' : 'FAILED'}: seed ${seed}, ${counts.join(', ')}, ${seconds} s`;
}

function percentiles(values: readonly number[]): string {
  if (values.length === 0) return 'none measured';
  const at = (share: number): number => percentile(values, share);
  return `p50 ${at(0.5)}, p99 ${at(0.99)}, most ${at(1)}, of ${values.length}`;
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((left, right) => left - right);
  return Math.round(sorted[Math.ceil(share * sorted.length) - 1] ?? 0);
}
