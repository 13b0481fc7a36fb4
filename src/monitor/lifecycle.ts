import { Injectable } from '@nestjs/common';
import { Clock } from '../telemetry/clock.js';
import { CAPABILITIES, LOSSES, type Absence, type Capability, type Mode, type Service } from './services.js';

/** The start-up phases, in order. /health/startup shows them. */
export const STARTUP_PHASES = ['config', 'database', 'migrations', 'cache', 'services', 'gateway'] as const;
export type StartupPhase = (typeof STARTUP_PHASES)[number];
export type LifecycleState = 'starting' | 'ready' | 'draining' | 'stopped';

export interface PhaseRecord {
  readonly status: 'waiting' | 'running' | 'done' | 'failed';
  /** How long it took, or has taken until now. */
  readonly latencyMs: number;
}

export interface Drain {
  readonly reason: string;
  readonly deadline: Date;
}

/** A service is away, comes to more than before, or is back. `mode` is what its own absence comes to. */
export type ServiceChange = (service: Service, mode: Mode) => void;

/** Where the process is between start and stop, and which services it or another process misses. The one place that knows. */
@Injectable()
export class Lifecycle {
  private current: LifecycleState = 'starting';
  private readonly phases = new Map<StartupPhase, { readonly startedMs: number; ended?: PhaseRecord }>();
  private readonly missingHere = new Map<Service, Absence>();
  private readonly missingElsewhere = new Map<Service, Absence>();
  private readonly drainListeners = new Set<(drain: Drain) => void>();
  private readonly serviceListeners = new Set<ServiceChange>();
  private announceReady: () => void = () => undefined;
  private readonly ready = new Promise<void>((resolve) => {
    this.announceReady = resolve;
  });

  constructor(private readonly clock: Clock) {}

  get state(): LifecycleState {
    return this.current;
  }

  /** The services that are away. */
  get degraded(): readonly Service[] {
    return [...this.missing.keys()];
  }

  /** What this process itself misses. */
  get own(): ReadonlyMap<Service, Absence> {
    return this.missingHere;
  }

  /** The worst that a missing service comes to. */
  get mode(): Mode {
    const modes = [...this.missing.values()];
    return modes.includes('limited') ? 'limited' : modes.length > 0 ? 'degraded' : 'full';
  }

  get capabilities(): readonly Capability[] {
    const limited = [...this.missing].filter(([, mode]) => mode === 'limited');
    const taken = new Set(limited.flatMap(([service]): readonly Capability[] => LOSSES[service].takes));
    return CAPABILITIES.filter((capability) => !taken.has(capability));
  }

  get startup(): Readonly<Record<StartupPhase, PhaseRecord>> {
    const record = (phase: StartupPhase): PhaseRecord => {
      const known = this.phases.get(phase);
      if (known === undefined) return { status: 'waiting', latencyMs: 0 };
      return known.ended ?? { status: 'running', latencyMs: this.sinceMs(known.startedMs) };
    };
    return {
      config: record('config'),
      database: record('database'),
      migrations: record('migrations'),
      cache: record('cache'),
      services: record('services'),
      gateway: record('gateway'),
    };
  }

  /** What the absence of one service comes to now, here or in another process. */
  modeOf(service: Service): Mode {
    return worse(this.missingHere.get(service), this.missingElsewhere.get(service));
  }

  /** Resolves once every phase is done. */
  whenReady(): Promise<void> {
    return this.ready;
  }

  /** Runs one phase and records how it went and how long it took. */
  async runPhase(phase: StartupPhase, work: () => Promise<void>): Promise<void> {
    const startedMs = this.clock.monotonicMs();
    const end = (status: 'done' | 'failed'): void => {
      this.phases.set(phase, { startedMs, ended: { status, latencyMs: this.sinceMs(startedMs) } });
    };
    this.phases.set(phase, { startedMs });
    try {
      await work();
      end('done');
    } catch (error) {
      end('failed');
      throw error;
    }
  }

  markReady(): void {
    if (this.current !== 'starting') return;
    this.current = 'ready';
    this.announceReady();
  }

  beginDraining(drain: Drain): void {
    if (this.current === 'draining' || this.current === 'stopped') return;
    this.current = 'draining';
    for (const listener of this.drainListeners) listener(drain);
  }

  markStopped(): void {
    this.current = 'stopped';
  }

  /** Notes that a service is away; what it comes to may grow or shrink while it is. Listeners hear of changes only. */
  noteAway(service: Service, mode: Absence = LOSSES[service].mode): void {
    this.change(service, () => this.missingHere.set(service, mode));
  }

  /** Notes that a service is there. */
  noteBack(service: Service): void {
    this.change(service, () => this.missingHere.delete(service));
  }

  /** Notes what other processes miss, all of it. */
  noteElsewhere(missing: ReadonlyMap<Service, Absence>): void {
    for (const service of new Set([...this.missingElsewhere.keys(), ...missing.keys()])) {
      const mode = missing.get(service);
      this.change(service, () =>
        mode === undefined ? this.missingElsewhere.delete(service) : this.missingElsewhere.set(service, mode),
      );
    }
  }

  onDraining(listener: (drain: Drain) => void): () => void {
    this.drainListeners.add(listener);
    return () => this.drainListeners.delete(listener);
  }

  onServiceChange(listener: ServiceChange): () => void {
    this.serviceListeners.add(listener);
    return () => this.serviceListeners.delete(listener);
  }

  private get missing(): ReadonlyMap<Service, Mode> {
    const services = new Set([...this.missingHere.keys(), ...this.missingElsewhere.keys()]);
    return new Map([...services].map((service) => [service, this.modeOf(service)]));
  }

  private change(service: Service, note: () => void): void {
    const before = this.modeOf(service);
    note();
    const after = this.modeOf(service);
    if (after !== before) for (const listener of this.serviceListeners) listener(service, after);
  }

  private sinceMs(startedMs: number): number {
    return Math.round(this.clock.monotonicMs() - startedMs);
  }
}

const worse = (one: Mode = 'full', other: Mode = 'full'): Mode =>
  (['limited', 'degraded'] as const).find((mode) => one === mode || other === mode) ?? 'full';
