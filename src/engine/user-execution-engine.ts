import { Injectable, Scope } from '@nestjs/common';
import { AgentPipeline } from '../agents/agent-pipeline.js';
import { AgentRunner } from '../agents/agent-runner.js';
import type { DelegateOutcome } from '../agents/agent-task.js';
import { RunWorkspace } from '../agents/run-workspace.js';
import { UserExecutionContext } from '../context/user-execution-context.js';

const ROOT_AGENT = 'supervisor';

/** Executes one attempt at one run for one user; nothing in it is shared with another run. */
@Injectable({ scope: Scope.REQUEST })
export class UserExecutionEngine {
  constructor(
    readonly context: UserExecutionContext,
    private readonly workspace: RunWorkspace,
    private readonly runner: AgentRunner,
    private readonly pipeline: AgentPipeline,
  ) {}

  /** Makes the agents that the run begins with. Throws engine_init_failed, or what says that one is not ready yet. */
  prepare(): Promise<void> {
    const { agent } = this.workspace.fields;
    return this.runner.prepare([ROOT_AGENT, agent ?? this.pipeline.triage]);
  }

  /** For an engine that is not run. */
  close(): void {
    this.workspace.close();
  }

  /**
   * Runs the supervisor to its end; its final event is stored by then. Rejects only when this attempt must stop without
   * one: LostRunError (another attempt owns the run), RunHandedBack (shutdown).
   */
  async run(): Promise<DelegateOutcome> {
    try {
      return await this.runner.run({
        agent: ROOT_AGENT,
        input: {},
        context: this.context.child(ROOT_AGENT),
        parentSignal: this.workspace.fields.signal,
      });
    } finally {
      // Nest calls no lifecycle hooks on request-scoped providers.
      this.workspace.close();
    }
  }
}
