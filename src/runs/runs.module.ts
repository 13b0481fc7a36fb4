import { Global, Module } from '@nestjs/common';
import { Admission } from './admission.js';
import { AgentReadiness } from './agent-readiness.js';
import { Cancellation } from './cancellation.js';
import { EngineStart } from './engine-start.js';
import { ErrorReports } from './error-reports.js';
import { OwnedRuns } from './owned-runs.js';
import { Reconciler } from './reconciler.js';
import { RunClaims } from './run-claims.js';
import { RunClosing } from './run-closing.js';
import { RunEnding } from './run-ending.js';
import { RunMetrics } from './run-metrics.js';
import { RunQueries } from './run-queries.js';
import { RunQueue } from './run-queue.js';
import { RunRecovery } from './run-recovery.js';
import { RunWorker } from './run-worker.js';
import { RunsController } from './runs.controller.js';
import { Workers } from './workers.js';

/** From an accepted message to a finished run. */
@Global()
@Module({
  controllers: [RunsController],
  providers: [
    Admission,
    AgentReadiness,
    Cancellation,
    EngineStart,
    ErrorReports,
    OwnedRuns,
    Reconciler,
    RunClaims,
    RunClosing,
    RunEnding,
    RunMetrics,
    RunQueries,
    RunQueue,
    RunRecovery,
    RunWorker,
    Workers,
  ],
  exports: [Admission, Cancellation, RunQueries, Workers],
})
export class RunsModule {}
