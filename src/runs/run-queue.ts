import { Injectable } from '@nestjs/common';
import { Configuration } from '../config/configuration.js';
import { Lifecycle } from '../monitor/lifecycle.js';
import { Metrics } from '../monitor/metrics.js';
import { ServiceWatch } from '../monitor/service-watch.js';
import { Persistence } from '../persistence/persistence.js';
import { Logger } from '../telemetry/logger.js';
import type { Dispatch } from './promotion.js';
import { bull, QUEUE, RunJobs, type RunJob } from './run-jobs.js';
import { RunPlaces } from './run-places.js';

const POOL_CONNECTIONS = 6;
/** A queue that is reachable but stands still must not hold up what it dispatches. */
const CONNECT_TIMEOUT_MS = 2_000;
const QUERY_TIMEOUT_MS = 5_000;

type Process = (runId: string) => Promise<void>;

/**
 * Dispatches runs to workers. The truth is the run's row: a job that is lost is added again by the reconciler, a job
 * that comes twice finds the run claimed. Job ids are run ids, so that adding what is there already does nothing.
 * A process that works and has room takes a run of its own at once, without a job, unless a job waits: so nobody is overtaken,
 * and a run costs fewer statements. While the queue is away, that is how runs start; what
 * finds no room is brought again by the reconciler.
 */
@Injectable()
export class RunQueue {
  private queue: ReturnType<RunQueue['openQueue']> | undefined;
  private jobs: RunJobs | undefined;
  /** Set while this process takes runs. */
  private process: Process | undefined;
  private readonly places: RunPlaces;

  constructor(
    private readonly persistence: Persistence,
    private readonly lifecycle: Lifecycle,
    private readonly watch: ServiceWatch,
    { limits }: Configuration,
    metrics: Metrics,
    private readonly logger: Logger,
  ) {
    this.places = new RunPlaces(limits.concurrentRunsPerProcess);
    const { places } = this;
    const gauge = {
      name: 'goldenpath_run_places',
      help: 'Places for runs of this process: taken and free.',
      label: 'state',
    };
    metrics.gauges(gauge, () => ({ taken: places.taken, free: places.total - places.taken }));
  }

  /** Opens the queue. Statements go over connections of its own: the queue's migrations and LISTEN need them. */
  async start(): Promise<void> {
    this.queue = this.openQueue();
    this.queue.on('error', (error) => this.logger.warn('queue_error', { error }));
    await this.queue.waitUntilReady();
    const { queue, persistence } = this;
    this.watch.register({ service: 'queue', address: () => persistence.address, ask: () => queue.isPaused() });
  }

  /** Runs that have a place here, also those that are not owned yet: the claim of one may be on its way. */
  get atWork(): number {
    return this.places.taken;
  }

  /** Starts working on runs. */
  async work(process: Process): Promise<void> {
    this.places.open();
    const begin = (runId: string): void => this.begin(process, runId);
    this.jobs = new RunJobs({ connection: this.connection(), places: this.places, begin, logger: this.logger });
    await this.jobs.start();
    this.process = process;
  }

  /** Adds runs; one that nobody takes is found by the reconciler. */
  async add(dispatches: readonly Dispatch[]): Promise<void> {
    for (const { runId, priority } of dispatches) {
      if (this.takes(runId)) continue;
      // The reconciler brings it again: nobody waits for a connection that is not to be had.
      if (this.lifecycle.modeOf('queue') !== 'full') continue;
      try {
        await this.queue?.add('run', { runId } satisfies RunJob, { jobId: runId, priority });
      } catch (error) {
        this.logger.warn('queue_add_failed', { error, run_id: runId });
      }
    }
  }

  /** Moves a job that waits up to another priority; answers whether that is settled. What is no job any more is at work, or over. */
  async raise({ runId, priority }: Dispatch): Promise<boolean> {
    if (this.lifecycle.modeOf('queue') !== 'full') return false;
    try {
      const job = await this.queue?.getJob(runId);
      // Where it stands already, it would only lose its place among its equals.
      if (job !== undefined && job.priority > priority) await job.changePriority({ priority });
      return true;
    } catch (error) {
      this.logger.warn('queue_raise_failed', { error, run_id: runId });
      return false;
    }
  }

  /** Takes no further runs; those at work go on. */
  async pause(): Promise<void> {
    this.process = undefined;
    this.places.close();
    await this.jobs?.pause();
  }

  async close(): Promise<void> {
    this.process = undefined;
    this.places.close();
    await this.jobs?.close();
    await this.queue?.close();
    this.jobs = undefined;
    this.queue = undefined;
  }

  private takes(runId: string): boolean {
    const mayOvertake = this.jobs?.areNone === true || this.lifecycle.modeOf('queue') !== 'full';
    if (this.process === undefined || !mayOvertake || !this.places.tryTake()) return false;
    this.begin(this.process, runId);
    return true;
  }

  /** In a place that is taken. What fails is brought back by the reconciler, like a job that is lost. */
  private begin(process: Process, runId: string): void {
    process(runId)
      .catch((error: unknown) => this.logger.warn('run_attempt_failed', { error, run_id: runId }))
      .finally(() => this.places.leave());
  }

  private openQueue() {
    const defaultJobOptions = { removeOnComplete: true, removeOnFail: true };
    return new bull.Queue<RunJob>(QUEUE, { connection: { ...this.connection(), migrate: true }, defaultJobOptions });
  }

  private connection() {
    return {
      connectionString: this.persistence.connectionUrl,
      max: POOL_CONNECTIONS,
      schema: 'queue',
      application_name: 'goldenpath-queue',
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      query_timeout: QUERY_TIMEOUT_MS,
      keepAlive: true,
    };
  }
}
