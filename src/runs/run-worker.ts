import { Injectable } from '@nestjs/common';
import { AgentPipeline } from '../agents/agent-pipeline.js';
import { EMPTY_JOURNAL } from '../agents/run-journal.js';
import type { WorkspaceFields } from '../agents/run-workspace.js';
import { Configuration } from '../config/configuration.js';
import { RunCancelled, RunHandedBack } from '../context/run-stop.js';
import { UserExecutionContext } from '../context/user-execution-context.js';
import { ExecutionEngineFactory } from '../engine/execution-engine-factory.js';
import { AppError } from '../errors/app-error.js';
import { LostRunError } from '../events/lost-run-error.js';
import { RunLease, type FinalEvent } from '../events/run-leases.js';
import { TextStreams } from '../events/text-streams.js';
import { RunBudget } from '../models/run-budget.js';
import { Database } from '../persistence/database.js';
import { Ids } from '../telemetry/ids.js';
import { Logger } from '../telemetry/logger.js';
import { answerIdOf } from './answer-id.js';
import { EngineStart } from './engine-start.js';
import { ErrorReports } from './error-reports.js';
import { endingOf } from './final-ending.js';
import { OwnedRuns } from './owned-runs.js';
import { RunClaims } from './run-claims.js';
import { RunClosing } from './run-closing.js';
import { RunEnding } from './run-ending.js';
import { historyBefore } from './run-history.js';
import { RunRecovery, type Resumption } from './run-recovery.js';
import type { RunRow } from './run-row.js';

/** A run that lost so many workers is given up ([RN1]). */
const CRASHES_MAX = 5;

/** Executes runs that the queue dispatches: claim, resume where there is something to resume, run the engine, end. */
@Injectable()
export class RunWorker {
  private readonly owner: string;

  constructor(
    private readonly claims: RunClaims,
    private readonly recovery: RunRecovery,
    private readonly ending: RunEnding,
    private readonly closing: RunClosing,
    private readonly owned: OwnedRuns,
    private readonly engines: ExecutionEngineFactory,
    private readonly starts: EngineStart,
    private readonly pipeline: AgentPipeline,
    private readonly texts: TextStreams,
    private readonly reports: ErrorReports,
    private readonly database: Database,
    private readonly configuration: Configuration,
    ids: Ids,
    private readonly logger: Logger,
  ) {
    this.owner = `${process.pid}-${ids.next()}`;
  }

  /** Resolves when this process is done with the run, in whatever way. Rejects when the database is away; the reconciler brings the run back. */
  async process(runId: string): Promise<void> {
    const run = await this.claims.claim(runId, this.owner);
    if (run === undefined) return;
    const controller = new AbortController();
    const lease = new RunLease({
      fence: { runId, epoch: run.epoch },
      threadId: run.threadId,
      userId: run.userId,
      writeFinal: (event) => this.writeFinal(run, event),
      onFailure: () => controller.abort(new LostRunError(runId)),
      onCancel: (reason) => controller.abort(new RunCancelled(reason)),
    });
    this.owned.hold(lease, controller);
    try {
      await this.execute(run, { lease, controller });
    } catch (error) {
      // What finished until now is on its way to the disk; the next attempt must find it there.
      await lease.settled().catch(() => undefined);
      await this.stopped(run, error);
    } finally {
      this.owned.release(lease);
    }
  }

  private async execute(run: RunRow, hold: RunHold): Promise<void> {
    // Claimed while the process was told to stop: nothing of it begins here.
    hold.controller.signal.throwIfAborted();
    if (run.crashes >= CRASHES_MAX) {
      await this.declareDead(run);
      return;
    }
    if (run.cancelReason !== undefined) hold.controller.abort(new RunCancelled(run.cancelReason));
    const resumption = run.attempt > 1 ? await this.recovery.resume(run) : { attempt: 1, journal: EMPTY_JOURNAL };
    const engine = await this.starts.start(run, {
      make: async () => this.engines.create(await this.workspace(run, { resumption, ...hold })),
      signal: hold.controller.signal,
    });
    if (engine === undefined) return;
    if (!(await this.claims.begin({ runId: run.id, epoch: run.epoch }))) throw new LostRunError(run.id);
    const outcome = await engine.run();
    this.logger.info('run_finished', {
      run_id: run.id,
      user_id: run.userId,
      thread_id: run.threadId,
      status: outcome.status,
    });
  }

  private async workspace(run: RunRow, { resumption, lease, controller }: EngineParts): Promise<WorkspaceFields> {
    const { threadId, userId, query, agent } = run;
    const textOwner = { threadId, userId, runId: run.id, messageId: answerIdOf(run.id) };
    return {
      context: new UserExecutionContext({ ...run, runId: run.id }),
      query,
      agent,
      history: await historyBefore(this.database, run),
      ...resumption,
      budget: new RunBudget(this.configuration.model.maxCostUsdPerRun),
      pipelineVersion: this.pipeline.version,
      signal: controller.signal,
      openText: () => this.texts.open(textOwner, { reset: resumption.attempt > 1, eventsOut: () => lease.settled() }),
      reportError: (error, step) => this.reports.store(run, error, step),
    };
  }

  private async writeFinal(run: RunRow, event: FinalEvent): Promise<number> {
    return this.ending.end(run, endingOf(event));
  }

  private async declareDead(run: RunRow): Promise<void> {
    const error = new AppError('run_dead', `The run lost its worker ${run.crashes} times and was given up.`);
    const errorId = await this.reports.store(run, error, 'worker');
    await this.closing.close(run, {
      state: 'dead',
      response: `${error.message} What was finished until then is kept. Error id: ${errorId}.`,
      reason: error.message,
      error: { code: 'run_dead', message: error.message, errorId, retryable: error.retryable },
    });
  }

  private async stopped(run: RunRow, error: unknown): Promise<void> {
    if (error instanceof RunHandedBack) {
      await this.claims.handBack({ runId: run.id, epoch: run.epoch });
      this.logger.info('run_handed_back', { run_id: run.id });
      return;
    }
    if (error instanceof LostRunError) {
      this.logger.warn('run_lost', { run_id: run.id, epoch: run.epoch });
      return;
    }
    // The run stays claimed; when the lease has run out, it is taken over.
    this.logger.error('run_interrupted', { error, run_id: run.id });
    throw error;
  }
}

/** What this process has of a run while it owns it. */
interface RunHold {
  readonly lease: RunLease;
  readonly controller: AbortController;
}

interface EngineParts extends RunHold {
  readonly resumption: Resumption;
}
