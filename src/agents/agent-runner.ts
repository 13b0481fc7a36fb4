import { Injectable, Scope } from '@nestjs/common';
import { Configuration } from '../config/configuration.js';
import type { JsonObject } from '../context/json.js';
import type { UserExecutionContext } from '../context/user-execution-context.js';
import { AppError } from '../errors/app-error.js';
import { AgentWebSocketBridge } from '../events/agent-websocket-bridge.js';
import { Clock } from '../telemetry/clock.js';
import { deadline } from '../tools/deadline.js';
import { ProviderResolver } from '../tools/provider-resolver.js';
import { ModelLoop } from '../models/model-loop.js';
import { ToolRunner } from '../tools/tool-runner.js';
import { AgentDesk } from './agent-desk.js';
import type { AgentInvocation } from './agent-invocation.js';
import { AgentRegistry } from './agent-registry.js';
import type { DelegateOutcome } from './agent-task.js';
import { RunWorkspace } from './run-workspace.js';

/** One agent to run: which, with what, and below whom. */
export interface AgentCall {
  readonly agent: string;
  readonly input: JsonObject;
  /** The agent's own context: its agentPath ends with the agent. */
  readonly context: UserExecutionContext;
  readonly parentSignal: AbortSignal;
  /** When the caller's own time is over, on the scale of Clock.monotonicMs(). */
  readonly parentDeadlineMs?: number;
}

/** Runs the agents of one run: each gets its own context, emitter, time limit and desk. */
@Injectable({ scope: Scope.REQUEST })
export class AgentRunner {
  constructor(
    private readonly registry: AgentRegistry,
    private readonly resolver: ProviderResolver,
    private readonly bridge: AgentWebSocketBridge,
    private readonly tools: ToolRunner,
    private readonly models: ModelLoop,
    private readonly workspace: RunWorkspace,
    private readonly configuration: Configuration,
    private readonly clock: Clock,
  ) {}

  async run({ agent, input, context, parentSignal, parentDeadlineMs = Infinity }: AgentCall): Promise<DelegateOutcome> {
    const { type, hostId, declaration } = this.registry.get(agent);
    const handler = await this.resolver.resolve(type).catch((cause: unknown) => {
      if (cause instanceof AppError) throw cause;
      throw new AppError('engine_init_failed', `The agent ${agent} could not be made.`, { cause });
    });
    const isRoot = context.agentPath.length === 1;
    const { runTimeoutMs, agentTimeoutMs } = this.configuration.time;
    const timeoutMs = isRoot ? runTimeoutMs : (declaration.timeoutMs ?? agentTimeoutMs);
    const limit = deadline(
      parentSignal,
      timeoutMs,
      () => new AppError('run_timeout', `${agent} took longer than ${timeoutMs} ms.`),
    );
    const emitter = this.bridge.emitterFor(context);
    const { workspace, tools, models } = this;
    const task = new AgentDesk({
      workspace,
      tools,
      models,
      runner: this,
      emitter,
      context,
      input,
      signal: limit.signal,
      deadlineMs: Math.min(parentDeadlineMs, this.clock.monotonicMs() + timeoutMs),
    });
    const invocation: AgentInvocation = {
      agent: context.agentPath.at(-1) ?? agent,
      task,
      emitter,
      workspace,
      limit,
      parentSignal,
      isRoot,
      opening: () => handler.opening(task),
      idle: () => task.idle(),
      close: () => task.close(),
    };
    try {
      return await this.resolver.invoke<DelegateOutcome>(handler, { id: hostId, method: 'execute' }, [
        task,
        invocation,
      ]);
    } finally {
      task.close();
      limit.clear();
    }
  }
}
