import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { EMPTY_JOURNAL } from '../agents/run-journal.js';
import type { WorkspaceFields } from '../agents/run-workspace.js';
import { UserExecutionContext } from '../context/user-execution-context.js';
import { ExecutionEngineFactory } from '../engine/execution-engine-factory.js';
import { AppError } from '../errors/app-error.js';
import { RunBudget } from '../models/run-budget.js';
import { Lifecycle } from '../monitor/lifecycle.js';
import { Clock } from '../telemetry/clock.js';
import { Ids } from '../telemetry/ids.js';

const PROBE_MS = 1_000;

/** What an agent's dependencies throw while they come up: a passing state, unlike an agent that can't be made. */
export const isNotReady = (error: unknown): boolean =>
  error instanceof AppError && (error.code === 'service_unavailable' || error.code === 'model_unavailable');

/**
 * Whether agents can be made. Runs tell what they met; what was not ready is then tried by a run of nobody, until it is,
 * so that users are told of it on the connections they have.
 */
@Injectable()
export class AgentReadiness implements OnApplicationShutdown {
  /** Agents that users asked for directly, by name; undefined is the pipeline. */
  private readonly missing = new Set<string | undefined>();
  private timer: NodeJS.Timeout | undefined;
  private probing = false;

  constructor(
    private readonly engines: ExecutionEngineFactory,
    private readonly lifecycle: Lifecycle,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  /** An engine was not ready, and is tried again. */
  noteDelay(agent: string | undefined): void {
    this.missing.add(agent);
    if (!this.lifecycle.own.has('supervisor')) this.lifecycle.noteAway('supervisor', 'degraded');
    this.timer ??= setInterval(() => void this.probe(), PROBE_MS);
  }

  /** It was not ready in time: its question is answered without agents. */
  noteAbsence(agent: string | undefined): void {
    if (this.missing.has(agent)) this.lifecycle.noteAway('supervisor');
  }

  noteReady(agent: string | undefined): void {
    if (!this.missing.delete(agent) || this.missing.size > 0) return;
    this.stop();
    this.lifecycle.noteBack('supervisor');
  }

  onApplicationShutdown(): void {
    this.stop();
  }

  private stop(): void {
    clearInterval(this.timer);
    this.timer = undefined;
  }

  private async probe(): Promise<void> {
    if (this.probing) return;
    this.probing = true;
    for (const agent of [...this.missing]) if (await this.isReady(agent)) this.noteReady(agent);
    this.probing = false;
  }

  /** An agent that can't be made at all is nothing to wait for: its runs say so. */
  private async isReady(agent: string | undefined): Promise<boolean> {
    try {
      const engine = await this.engines.create(this.workspaceOfNobody(agent));
      engine.close();
      return true;
    } catch (error) {
      return !isNotReady(error);
    }
  }

  private workspaceOfNobody(agent: string | undefined): WorkspaceFields {
    const id = (): string => this.ids.next();
    const owner = { userId: id(), tenantId: id(), threadId: id(), runId: id(), requestId: id(), sessionId: id() };
    const unused = (): never => {
      throw new Error('a probe runs nothing');
    };
    return {
      context: new UserExecutionContext({ ...owner, createdAt: this.clock.now() }),
      query: '',
      history: [],
      attempt: 1,
      journal: EMPTY_JOURNAL,
      budget: new RunBudget(0),
      pipelineVersion: 'none',
      agent,
      signal: new AbortController().signal,
      openText: unused,
      reportError: unused,
    };
  }
}
