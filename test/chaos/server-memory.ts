import { existsSync, readFileSync } from 'node:fs';
import type { Fleet } from './fleet.js';

const SAMPLE_MS = 1_000;
/** A process has loaded everything and met its load by then. */
const WARM_MS = 20_000;
/** Growth over less than this says nothing. */
const WATCHED_MS = 40_000;
const MINUTE_MS = 60_000;
const KIB_PER_MIB = 1_024;

interface Life {
  readonly startedMs: number;
  readonly samples: { readonly ageMs: number; readonly mib: number }[];
}

export interface MemoryReport {
  /** Resident, of the largest server at its largest. */
  readonly mostMib: number;
  /** MiB a minute of each process that lived long enough to tell, once it was warm. */
  readonly growthsMib: readonly number[];
}

/** Watches what memory the servers hold. Linux only: elsewhere it sees nothing. */
export class ServerMemory {
  private readonly lives = new Map<number, Life>();
  private readonly timer: NodeJS.Timeout;

  constructor(private readonly fleet: Fleet) {
    this.timer = setInterval(() => this.sample(), SAMPLE_MS);
  }

  stop(): MemoryReport {
    clearInterval(this.timer);
    const lives = [...this.lives.values()];
    return {
      mostMib: Math.round(Math.max(0, ...lives.flatMap(({ samples }) => samples.map(({ mib }) => mib)))),
      growthsMib: lives.flatMap(growthOf),
    };
  }

  private sample(): void {
    const nowMs = performance.now();
    for (const { pid } of this.fleet.servers) {
      const mib = pid === undefined ? undefined : residentMib(pid);
      if (pid === undefined || mib === undefined) continue;
      const life = this.lives.get(pid) ?? { startedMs: nowMs, samples: [] };
      this.lives.set(pid, life);
      life.samples.push({ ageMs: nowMs - life.startedMs, mib });
    }
  }
}

function residentMib(pid: number): number | undefined {
  const path = `/proc/${pid}/status`;
  const line = existsSync(path) ? /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(path, 'utf8')) : null;
  return line === null ? undefined : Number(line[1]) / KIB_PER_MIB;
}

/** The line of least squares through the warm samples. */
function growthOf({ samples }: Life): number[] {
  const warm = samples.filter(({ ageMs }) => ageMs >= WARM_MS);
  const last = warm.at(-1);
  if (last === undefined || last.ageMs - WARM_MS < WATCHED_MS) return [];
  const meanAge = mean(warm.map(({ ageMs }) => ageMs));
  const meanMib = mean(warm.map(({ mib }) => mib));
  const spread = warm.reduce((sum, { ageMs }) => sum + (ageMs - meanAge) ** 2, 0);
  const slope = warm.reduce((sum, { ageMs, mib }) => sum + (ageMs - meanAge) * (mib - meanMib), 0) / spread;
  return [Math.round(slope * MINUTE_MS)];
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
