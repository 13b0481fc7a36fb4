import { setTimeout as pause } from 'node:timers/promises';
import { type BeforeApplicationShutdown, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Configuration } from '../../../config/configuration.js';
import { AppError } from '../../../errors/app-error.js';
import { Lifecycle } from '../../../monitor/lifecycle.js';
import { Clock } from '../../../telemetry/clock.js';
import { Logger } from '../../../telemetry/logger.js';
import { UsageImportStore } from '../usage-import-store.js';
import { type ImportRequest, type StartedImport, UsageImports } from '../usage-imports.js';
import { UploadSpool } from './upload-spool.js';

/** At once in one process: more would only make each of them slower. */
const RUNNING_MAX = 2;
const RETRY_AFTER_MS = 15_000;
const TIME_LIMIT_MS = 30 * 60_000;
/** Past the time limit, nobody is working on an import any more. */
const ABANDONED_AFTER_MS = TIME_LIMIT_MS + 5 * 60_000;
const TIDY_INTERVAL_MS = 5 * 60_000;
/** What is nearly done at shutdown may still finish; the rest is stopped at a batch. */
const SHUTDOWN_PATIENCE_MS = 3_000;

/** Imports that go on after their request was answered: counted, limited in time, and ended before the process ends. */
@Injectable()
export class BackgroundImports implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly running = new Set<Promise<void>>();
  /** Those that are being begun count too: beginning takes a round trip to the database. */
  private beginning = 0;
  private tidying: NodeJS.Timeout | undefined;
  private readonly stopping = new AbortController();

  constructor(
    private readonly imports: UsageImports,
    private readonly store: UsageImportStore,
    private readonly spool: UploadSpool,
    private readonly configuration: Configuration,
    private readonly lifecycle: Lifecycle,
    private readonly clock: Clock,
    private readonly logger: Logger,
  ) {}

  /** Starts an import and answers its id. Throws AppError rate_limited when two are running, server_draining at shutdown. */
  async start(request: ImportRequest): Promise<string> {
    if (this.stopping.signal.aborted || this.lifecycle.state === 'draining') {
      request.stream.destroy();
      throw new AppError('server_draining', 'The server is going down; send the file again.', {
        retryAfterMs: RETRY_AFTER_MS,
      });
    }
    if (this.running.size + this.beginning >= RUNNING_MAX) {
      request.stream.destroy();
      throw new AppError('rate_limited', 'Two large imports are running already.', { retryAfterMs: RETRY_AFTER_MS });
    }
    const { id, finished } = await this.begin(request);
    // A failure stands in the import, where the user reads it.
    const tracked = finished.then(
      ({ accepted }) => this.logger.info('usage_import_completed', { import_id: id, accepted }),
      (error: unknown) => this.logger.info('usage_import_ended_early', { import_id: id, error }),
    );
    this.running.add(tracked);
    void tracked.finally(() => this.running.delete(tracked));
    return id;
  }

  /** What a killed server left is tidied up once the database is there, and again and again: on a shared database it may be of another server. */
  onApplicationBootstrap(): void {
    const startedAt = this.clock.now();
    void this.lifecycle.whenReady().then(() => this.tidyUp(startedAt));
    this.tidying = setInterval(() => {
      if (this.lifecycle.state === 'ready') void this.tidyUp(startedAt);
    }, TIDY_INTERVAL_MS).unref();
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.tidying);
    const patience = new AbortController();
    const enough = pause(SHUTDOWN_PATIENCE_MS, undefined, { signal: patience.signal }).catch(() => undefined);
    await Promise.race([Promise.all(this.running), enough]);
    patience.abort();
    this.stopping.abort(
      new AppError(
        'server_draining',
        'The server went down during the import. Send the file again: nothing is doubled.',
      ),
    );
    await Promise.all(this.running);
  }

  private async begin(request: ImportRequest): Promise<StartedImport> {
    const tooLong = AbortSignal.timeout(TIME_LIMIT_MS);
    this.beginning += 1;
    try {
      return await this.imports.start({ ...request, signal: AbortSignal.any([this.stopping.signal, tooLong]) });
    } finally {
      this.beginning -= 1;
    }
  }

  private async tidyUp(startedAt: Date): Promise<void> {
    const now = this.clock.now();
    // An embedded database has one server: what was running before this one started, nobody works on.
    const before = this.configuration.embedded ? startedAt : new Date(now.getTime() - ABANDONED_AFTER_MS);
    const lost = new AppError(
      'server_draining',
      'The server ended during the import. Send the file again: nothing is doubled.',
    );
    try {
      const count = await this.store.failAbandoned(before, lost);
      if (count > 0) this.logger.warn('usage_imports_abandoned', { count });
      await this.spool.removeLeftovers(now);
    } catch (error) {
      this.logger.warn('usage_imports_not_tidied_up', { error });
    }
  }
}
