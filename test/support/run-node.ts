import { setImmediate as turn } from 'node:timers/promises';
import type { TerminalRunState } from '@goldenpath/protocol';
import { AgentPipeline } from '../../src/agents/agent-pipeline.js';
import type { DelegateOutcome } from '../../src/agents/agent-task.js';
import type { WorkspaceFields } from '../../src/agents/run-workspace.js';
import { Configuration } from '../../src/config/configuration.js';
import { RunCancelled } from '../../src/context/run-stop.js';
import type { ExecutionEngineFactory } from '../../src/engine/execution-engine-factory.js';
import { EventLog } from '../../src/events/event-log.js';
import { EventPipeline } from '../../src/events/event-pipeline.js';
import { RunLeases } from '../../src/events/run-leases.js';
import { TextStreams } from '../../src/events/text-streams.js';
import { UnifiedWebSocketEmitter } from '../../src/events/unified-websocket-emitter.js';
import type { EngineStart } from '../../src/runs/engine-start.js';
import { ErrorReports } from '../../src/runs/error-reports.js';
import { OwnedRuns } from '../../src/runs/owned-runs.js';
import { RunClaims, type Renewal } from '../../src/runs/run-claims.js';
import { RunClosing } from '../../src/runs/run-closing.js';
import { RunEnding } from '../../src/runs/run-ending.js';
import { RunRecovery } from '../../src/runs/run-recovery.js';
import { RunWorker } from '../../src/runs/run-worker.js';
import { Ids } from '../../src/telemetry/ids.js';
import { Logger } from '../../src/telemetry/logger.js';
import type { TestServer } from './server.js';

const NOTHING_USED = { input_tokens: 0, output_tokens: 0, cost_usd: '0.000000000', model: 'planner' };

/** How an attempt ends when nobody stops it. */
export type Ended = Exclude<TerminalRunState, 'dead' | 'cancelled'>;

let ordinals = 0;

/** An engine whose run stands still until the test ends it, or somebody stops it. */
export class StandingAttempt {
  readonly runId: string;
  readonly epoch: number;
  /** The worker's promise. */
  done: Promise<void> = Promise.resolve();
  isOver = false;
  /** Attempts of all nodes, in the order in which they began. */
  readonly ordinal = (ordinals += 1);
  private readonly root: UnifiedWebSocketEmitter;
  private end: (status: Ended) => void = () => undefined;

  constructor(
    private readonly fields: WorkspaceFields,
    pipeline: EventPipeline,
    private readonly stands: () => void,
  ) {
    const context = fields.context.child('supervisor');
    this.runId = context.runId;
    this.epoch = context.epoch ?? 0;
    this.root = new UnifiedWebSocketEmitter(pipeline, context.userId, context);
  }

  get isStopped(): boolean {
    return this.isOver || this.fields.signal.aborted;
  }

  async run(): Promise<DelegateOutcome> {
    const { query, attempt, pipelineVersion, signal } = this.fields;
    await this.root.emitAgentStarted('supervisor', { query, attempt, pipeline_version: pipelineVersion });
    await this.write();
    const status = await new Promise<Ended | 'cancelled'>((resolve, reject) => {
      const stop = (): void =>
        signal.reason instanceof RunCancelled ? resolve('cancelled') : reject(signal.reason as Error);
      this.end = resolve;
      if (signal.aborted) stop();
      signal.addEventListener('abort', stop);
      this.stands();
    });
    const final = { final: true, response: `It ${status}.`, usage: NOTHING_USED };
    await this.root.emitAgentCompleted('supervisor', { status, result: {}, execution_time_ms: 0, ...final });
    return { status: status === 'cancelled' ? 'failed' : status, result: {} };
  }

  write(): Promise<void> {
    return this.root.emitAgentThinking({ reasoning: 'It stands still.' });
  }

  async finish(status: Ended): Promise<void> {
    this.end(status);
    await this.done;
  }
}

/** Lets a test wait for the renewals that a timer began. */
class WatchedClaims extends RunClaims {
  renewal: Promise<unknown> = Promise.resolve();

  override renew(...parameters: Parameters<RunClaims['renew']>): Promise<Renewal[]> {
    const renewal = super.renew(...parameters);
    this.renewal = renewal;
    return renewal;
  }
}

/** The working side of one process, as it is but for its engine. All nodes share the store of the server. */
export class RunNode {
  readonly attempts: StandingAttempt[] = [];
  readonly owned: OwnedRuns;
  readonly failures: unknown[] = [];
  private readonly claims: WatchedClaims;
  private readonly worker: RunWorker;
  private stands: () => void = () => undefined;

  constructor(server: TestServer) {
    const logger = new Logger('silent');
    const leases = new RunLeases();
    const pipeline = new EventPipeline(server.get(EventLog), leases);
    this.claims = new WatchedClaims(server.database);
    this.owned = new OwnedRuns(leases, this.claims, logger);
    const engines = {
      create: (fields: WorkspaceFields): Promise<StandingAttempt> => {
        const attempt = new StandingAttempt(fields, pipeline, () => this.stands());
        this.attempts.push(attempt);
        return Promise.resolve(attempt);
      },
    };
    const starts = { start: (_run: unknown, { make }: { make: () => Promise<StandingAttempt> }) => make() };
    this.worker = new RunWorker(
      this.claims,
      server.get(RunRecovery),
      server.get(RunEnding),
      server.get(RunClosing),
      this.owned,
      // All that the worker asks of them.
      engines as unknown as ExecutionEngineFactory,
      starts as unknown as EngineStart,
      server.get(AgentPipeline),
      server.get(TextStreams),
      server.get(ErrorReports),
      server.database,
      server.get(Configuration),
      server.get(Ids),
      logger,
    );
  }

  /** Resolves when the attempt stands, or when there is none. */
  async take(runId: string): Promise<void> {
    const before = this.attempts.length;
    const stands = new Promise<void>((resolve) => (this.stands = resolve));
    const done = this.worker.process(runId).catch((error: unknown) => void this.failures.push(error));
    await Promise.race([stands, done]);
    const attempt = this.attempts[before];
    if (attempt !== undefined) attempt.done = done.finally(() => (attempt.isOver = true));
    await this.quiet();
  }

  /** Resolves when what was stopped has ended. */
  async quiet(): Promise<void> {
    await this.claims.renewal;
    await turn();
    await Promise.all(this.attempts.filter(({ isStopped }) => isStopped).map(({ done }) => done));
  }
}
