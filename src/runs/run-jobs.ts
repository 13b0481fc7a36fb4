import { setTimeout as delay } from 'node:timers/promises';
import { createPostgresBackend, withBackend, type Job, type PostgresPoolConfig } from 'bullmq';
import type { Logger } from '../telemetry/logger.js';
import type { RunPlaces } from './run-places.js';

export const bull = withBackend(createPostgresBackend);
export const QUEUE = 'runs';
/** A fetched job is done with at once; only one whose process died in that moment is locked for so long. */
const LOCK_MS = 3_000;
const STALLED_CHECK_MS = 1_000;
/** A run that kills its worker is counted by the run itself; the queue just keeps bringing it back. */
const STALLED_MAX = 20;
/** A fetch that failed is tried again after this: an outage is over when it is over. */
const FETCH_RETRY_MS = 1_000;

export interface RunJob {
  readonly runId: string;
}

export interface RunJobsOptions {
  readonly connection: PostgresPoolConfig;
  readonly places: RunPlaces;
  /** Begins a run whose place is taken. */
  readonly begin: (runId: string) => void;
  readonly logger: Logger;
}

/**
 * Fetches jobs, each only when there is a place for its run: what this process has no room for waits where every other one finds it. A job is
 * over once its run is in its place: from then on the run's own lease tells whether somebody works on it.
 */
export class RunJobs {
  private readonly worker: ReturnType<RunJobs['openWorker']>;
  private readonly stopping = new AbortController();
  private isEmpty = false;

  constructor(private readonly options: RunJobsOptions) {
    this.worker = this.openWorker();
    this.worker.on('error', (error) => {
      // Ten times a second while the database is away, of which the queue's check tells.
      if (Reflect.get(error, 'syscall') !== 'connect') this.warn(error);
    });
  }

  /** No job waited when this process last looked, and it has been looking out for one since. */
  get areNone(): boolean {
    return this.isEmpty;
  }

  /** Fetches until no more places are given. */
  async start(): Promise<void> {
    await this.worker.waitUntilReady();
    await this.worker.startStalledCheckTimer();
    await this.fetch({ block: false });
    // Rejects for nothing: what goes wrong is logged and tried again.
    void this.work();
  }

  /** A job that comes while it stops goes back to the others. */
  async pause(): Promise<void> {
    this.stopping.abort();
    await this.worker.pause(true);
    await this.worker.backend.disconnectBlocking(true);
  }

  async close(): Promise<void> {
    await this.pause();
    await this.worker.close(true);
  }

  private async work(): Promise<void> {
    const { places } = this.options;
    for (;;) {
      // Who does not look can't know.
      if (places.areFull) this.isEmpty = false;
      if (!(await places.free()) || this.stopping.signal.aborted) return;
      await this.fetch({ block: true });
    }
  }

  /** The next job, if there is one. `block`: waits a few seconds for one. */
  private async fetch(how: { block: boolean }): Promise<void> {
    try {
      // Its type does not say that there may be none.
      const job = (await this.worker.getNextJob(this.worker.id, how)) as Job<RunJob> | undefined;
      this.isEmpty = job === undefined;
      if (job !== undefined) await this.take(job);
    } catch (error) {
      // While the queue is away, runs begin without it.
      this.isEmpty = true;
      const { signal } = this.stopping;
      if (signal.aborted) return;
      this.warn(error);
      await delay(FETCH_RETRY_MS, undefined, { signal }).catch(() => undefined);
    }
  }

  private async take(job: Job<RunJob>): Promise<void> {
    const { places, begin } = this.options;
    try {
      if (places.tryTake()) {
        begin(job.data.runId);
        await job.moveToCompleted(undefined, this.worker.id, false);
      } else {
        // While it waited for the job, the last place went to a run that came without one: to the head of the line with it.
        await job.moveToWait(this.worker.id);
      }
    } catch (error) {
      // Found as stalled, and brought again; who gets it then finds the run claimed, or takes it.
      this.warn(error);
    }
  }

  private warn(error: unknown): void {
    this.options.logger.warn('queue_worker_error', { error });
  }

  private openWorker() {
    return new bull.Worker<RunJob>(QUEUE, null, {
      connection: this.options.connection,
      autorun: false,
      lockDuration: LOCK_MS,
      stalledInterval: STALLED_CHECK_MS,
      maxStalledCount: STALLED_MAX,
      removeOnComplete: { count: 0 },
      removeOnFail: { count: 0 },
    });
  }
}
