import { Injectable } from '@nestjs/common';

/** The start-up phases, in order. /health/startup shows them. */
export const STARTUP_PHASES = ['config', 'database', 'migrations', 'services', 'gateway'] as const;
export type StartupPhase = (typeof STARTUP_PHASES)[number];
export type PhaseStatus = 'waiting' | 'running' | 'done' | 'failed';
export type LifecycleState = 'starting' | 'ready' | 'draining' | 'stopped';

/** What a fully working server can do; connection_ready names them. */
const FULL_CAPABILITIES = ['agents', 'history', 'usage_import', 'usage_summary'] as const;
/** What is left when a part that agents need is away. */
const LIMITED_CAPABILITIES = ['history', 'usage_import', 'usage_summary'] as const;

export interface Drain {
  readonly reason: string;
  readonly deadline: Date;
}

/** Where the process is between start and stop, and which services it misses. The one place that knows. */
@Injectable()
export class Lifecycle {
  private current: LifecycleState = 'starting';
  private readonly phases = new Map<StartupPhase, PhaseStatus>(STARTUP_PHASES.map((phase) => [phase, 'waiting']));
  private readonly missing = new Set<string>();
  private readonly drainListeners = new Set<(drain: Drain) => void>();
  private readonly degradationListeners = new Set<(service: string, degraded: boolean) => void>();
  private announceReady: () => void = () => undefined;
  private readonly ready = new Promise<void>((resolve) => {
    this.announceReady = resolve;
  });

  get state(): LifecycleState {
    return this.current;
  }

  get degraded(): readonly string[] {
    return [...this.missing];
  }

  get mode(): 'full' | 'limited' {
    return this.missing.size === 0 ? 'full' : 'limited';
  }

  get capabilities(): readonly string[] {
    return this.mode === 'full' ? FULL_CAPABILITIES : LIMITED_CAPABILITIES;
  }

  get startup(): Readonly<Record<string, PhaseStatus>> {
    return Object.fromEntries(this.phases);
  }

  /** Resolves once every phase is done. */
  whenReady(): Promise<void> {
    return this.ready;
  }

  /** Runs one phase and records how it went. */
  async runPhase(phase: StartupPhase, work: () => Promise<void>): Promise<void> {
    this.phases.set(phase, 'running');
    try {
      await work();
      this.phases.set(phase, 'done');
    } catch (error) {
      this.phases.set(phase, 'failed');
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

  /** Notes that a service is away or back; listeners hear of changes only. */
  setDegraded(service: string, degraded: boolean): void {
    if (this.missing.has(service) === degraded) return;
    if (degraded) this.missing.add(service);
    else this.missing.delete(service);
    for (const listener of this.degradationListeners) listener(service, degraded);
  }

  onDraining(listener: (drain: Drain) => void): () => void {
    this.drainListeners.add(listener);
    return () => this.drainListeners.delete(listener);
  }

  onDegradation(listener: (service: string, degraded: boolean) => void): () => void {
    this.degradationListeners.add(listener);
    return () => this.degradationListeners.delete(listener);
  }
}
