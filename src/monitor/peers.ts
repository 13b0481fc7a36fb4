import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { Configuration } from '../config/configuration.js';
import { ServerProcesses, type OtherProcess } from '../persistence/server-processes.js';
import { Clock } from '../telemetry/clock.js';
import { Logger } from '../telemetry/logger.js';
import { deploymentReport, monitorNotes, type DeploymentReport } from './deployment-report.js';
import { GoldenPathMonitor } from './golden-path-monitor.js';
import { Lifecycle } from './lifecycle.js';
import { SERVICES, type Absence, type Service } from './services.js';

const BEAT_MS = 1_000;
/** What only the process that works with it can find out; every process looks for the others itself. */
const TOLD: readonly Service[] = ['model', 'supervisor'];
/** After an outage of the database the others need a moment to say that they are still there. */
const GRACE_MS = 5_000;

const notesSchema = z.object({
  services: z.array(z.object({ service: z.enum(SERVICES), mode: z.enum(['degraded', 'limited']) })),
  monitor: monitorNotes.exactOptional(),
});
type Notes = z.output<typeof notesSchema>;

interface Peer extends OtherProcess {
  readonly notes: Notes | undefined;
}

/**
 * Tells the other processes what this one misses and what its monitor found, and hears it of them, by rows: so that the
 * clients of a gateway are told of what is away at a worker, also while messages between processes are lost. Within about
 * a second; what a process that is killed had told holds until its row is silent.
 */
@Injectable()
export class Peers {
  private peers: readonly Peer[] = [];
  private told = '[]';
  private readonly listeners = new Set<() => void>();
  private timer: NodeJS.Timeout | undefined;
  private beating: Promise<void> | undefined;
  private isStopped = false;
  private stopListening: () => void = () => undefined;
  /** Since when every beat has succeeded; undefined while the last one failed. */
  private steadySinceMs: number | undefined = -Infinity;

  constructor(
    private readonly processes: ServerProcesses,
    private readonly lifecycle: Lifecycle,
    private readonly monitor: GoldenPathMonitor,
    private readonly configuration: Configuration,
    private readonly clock: Clock,
    private readonly logger: Logger,
  ) {}

  /** Resolves once the others are known, or can't be asked now. */
  async start(): Promise<void> {
    this.stopListening = this.lifecycle.onServiceChange(() => void this.beat());
    await this.processes
      .forget()
      .catch((error: unknown) => this.logger.warn('server_processes_not_forgotten', { error }));
    await this.beat();
    this.timer = setInterval(() => void this.beat(), BEAT_MS);
  }

  async stop(): Promise<void> {
    this.isStopped = true;
    this.stopListening();
    clearInterval(this.timer);
    await this.beating;
    if (this.timer === undefined) return;
    await this.processes.end().catch((error: unknown) => this.logger.warn('server_process_not_ended', { error }));
  }

  /** Another process has news. */
  look(): void {
    void this.beat();
  }

  /** Tells when this process has written down that something else is away than before. */
  onTold(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** What the monitors of all processes that are alive found. */
  async report(): Promise<DeploymentReport> {
    const own = await this.monitor.report();
    const others = this.peers
      .filter(({ isAlive }) => isAlive)
      .map(({ id, role, notes }) => ({ processId: id, role, found: notes?.monitor }));
    const self = { processId: this.processes.id, role: this.configuration.role, found: own };
    return deploymentReport(own, [self, ...others]);
  }

  /** Never rejects: while the database is away, what was heard last holds. */
  private beat(): Promise<void> {
    if (this.isStopped) return Promise.resolve();
    this.beating ??= this.exchange().finally(() => (this.beating = undefined));
    return this.beating;
  }

  private async exchange(): Promise<void> {
    try {
      const notes = this.notes();
      const others = await this.processes.beat(notes);
      if (this.steadySinceMs === undefined) this.logger.info('peers_reached', { peers: others.length });
      this.steadySinceMs ??= this.clock.monotonicMs();
      this.peers = others.map((other) => ({ ...other, notes: notesSchema.safeParse(other.notes).data }));
      this.noteTold(JSON.stringify(notes.services));
      this.lifecycle.noteElsewhere(this.missingElsewhere());
    } catch (error) {
      // Once, not at each beat: until it is over nobody hears what other processes miss.
      if (this.steadySinceMs !== undefined) this.logger.warn('peers_not_reached', { error });
      this.steadySinceMs = undefined;
    }
  }

  private noteTold(services: string): void {
    const isNew = services !== this.told;
    this.told = services;
    if (isNew) for (const listener of this.listeners) listener();
  }

  private notes(): Notes {
    const services = TOLD.flatMap((service) => {
      const mode = this.lifecycle.own.get(service);
      return mode === undefined ? [] : [{ service, mode }];
    });
    const { known } = this.monitor;
    return known === undefined ? { services } : { services, monitor: monitorNotes.parse(known) };
  }

  private missingElsewhere(): Map<Service, Absence> {
    const isSteady = this.clock.monotonicMs() - (this.steadySinceMs ?? Infinity) >= GRACE_MS;
    const missing = new Map<Service, Absence>();
    for (const { notes, isAlive } of this.peers) {
      if (isSteady && !isAlive) continue;
      for (const { service, mode } of notes?.services ?? [])
        if (missing.get(service) !== 'limited') missing.set(service, mode);
    }
    return missing;
  }
}
