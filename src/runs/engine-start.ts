import { Injectable } from '@nestjs/common';
import { LimitedAnswer } from '../agents/limited-answer.js';
import { RunCancelled } from '../context/run-stop.js';
import type { UserExecutionEngine } from '../engine/user-execution-engine.js';
import { AppError } from '../errors/app-error.js';
import { LostRunError } from '../events/lost-run-error.js';
import { isDatabaseUnavailable } from '../persistence/database-error.js';
import { Logger } from '../telemetry/logger.js';
import { AgentReadiness, isNotReady } from './agent-readiness.js';
import { ErrorReports } from './error-reports.js';
import { withPatience } from './patience.js';
import { RunClaims } from './run-claims.js';
import { RunClosing } from './run-closing.js';
import type { RunRow } from './run-row.js';

export interface EngineMaking {
  readonly make: () => Promise<UserExecutionEngine>;
  /** Aborted when the run is stopped. */
  readonly signal: AbortSignal;
}

/**
 * From a claimed run to its engine, whatever is in the way ([DG4]): agents that are not ready are waited for, then the
 * run is answered without them; an engine that can't be made ends it with engine_init_failed and an error_id.
 */
@Injectable()
export class EngineStart {
  constructor(
    private readonly readiness: AgentReadiness,
    private readonly limited: LimitedAnswer,
    private readonly claims: RunClaims,
    private readonly closing: RunClosing,
    private readonly reports: ErrorReports,
    private readonly logger: Logger,
  ) {}

  /** Undefined when the run is over: it got its final event here. Throws what stops this attempt without one. */
  async start(run: RunRow, { make, signal }: EngineMaking): Promise<UserExecutionEngine | undefined> {
    const isPassing = (error: unknown): boolean => {
      if (!isNotReady(error)) return false;
      this.readiness.noteDelay(run.agent);
      return true;
    };
    try {
      const engine = await withPatience(make, { isPassing, signal });
      this.readiness.noteReady(run.agent);
      return engine;
    } catch (error) {
      await this.endWithout(run, error);
      return undefined;
    }
  }

  private async endWithout(run: RunRow, error: unknown): Promise<void> {
    if (error instanceof RunCancelled) {
      await this.closing.close(run, {
        state: 'cancelled',
        response: 'The run was cancelled while it waited for its agents.',
        reason: error.why,
      });
    } else if (isNotReady(error)) {
      await this.answerWithout(run);
    } else if (error instanceof AppError && error.code === 'engine_init_failed') {
      await this.fail(run, error);
    } else {
      throw error;
    }
  }

  private async answerWithout(run: RunRow): Promise<void> {
    this.readiness.noteAbsence(run.agent);
    const response = await this.compose(run);
    if (response === undefined) return;
    if (!(await this.claims.begin({ runId: run.id, epoch: run.epoch }))) throw new LostRunError(run.id);
    await this.closing.close(run, {
      state: 'completed',
      response,
      reason:
        'The agents were not ready after several tries: this is answered without them, with the totals of the data.',
      result: { mode: 'limited', agents: [] },
    });
    this.logger.info('run_answered_without_agents', { run_id: run.id, user_id: run.userId });
  }

  /** Undefined when not even that can be made: then the run has been ended with the error. */
  private async compose(run: RunRow): Promise<string | undefined> {
    try {
      return await this.limited.compose(run);
    } catch (cause) {
      if (isDatabaseUnavailable(cause)) throw cause;
      await this.fail(run, new AppError('engine_init_failed', 'Neither agents nor totals could be had.', { cause }));
      return undefined;
    }
  }

  private async fail(run: RunRow, error: AppError): Promise<void> {
    const errorId = await this.reports.store(run, error, 'engine');
    await this.closing.close(run, {
      state: 'failed',
      response: `The run could not be started: ${error.message} Error id: ${errorId}.`,
      reason: 'The engine of this run could not be made.',
      error: { code: error.code, message: error.message, errorId, retryable: error.retryable },
    });
  }
}
