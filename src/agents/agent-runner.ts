import { Injectable, Scope, type Type } from '@nestjs/common';
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
import type { AgentDeclaration, AgentHandler } from './agent.decorator.js';
import { AgentRegistry } from './agent-registry.js';
import type { DelegateOutcome } from './agent-task.js';
import { closeLeftOpen } from './left-open-agents.js';
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

  /** Makes agents before anything is told of the run; they are kept for it. Throws engine_init_failed, or what they say. */
  async prepare(agents: readonly string[]): Promise<void> {
    for (const agent of agents) {
      // Known when the message came, but not to a process of another version.
      if (!this.registry.has(agent)) throw new AppError('engine_init_failed', `There is no agent named ${agent}.`);
      await this.make(agent, this.registry.get(agent).type);
    }
  }

  async run(call: AgentCall): Promise<DelegateOutcome> {
    const { agent, context, parentSignal } = call;
    const { type, hostId, declaration } = this.registry.get(agent);
    const handler = await this.make(agent, type);
    if (context.parent !== undefined) await this.closeLeftOpen(context.parent, context);
    this.workspace.startedPaths.add(context.agentPath.join('/'));
    const isRoot = context.agentPath.length === 1;
    const timeoutMs = this.timeoutMs(declaration, isRoot);
    const limit = deadline(parentSignal, timeoutMs, () => tooLong(agent, timeoutMs));
    const task = this.desk(call, limit.signal, timeoutMs);
    const invocation: AgentInvocation = {
      agent: context.agentPath.at(-1) ?? agent,
      task,
      emitter: task.emitter,
      workspace: this.workspace,
      limit,
      parentSignal,
      isRoot,
      opening: () => handler.opening(task),
      idle: () => task.idle(),
      closeLeftOpen: () => this.closeLeftOpen(context),
      close: () => task.close(),
    };
    try {
      const target = { id: hostId, method: 'execute' };
      return await this.resolver.invoke<DelegateOutcome>(handler, target, [task, invocation]);
    } finally {
      task.close();
      limit.clear();
    }
  }

  private closeLeftOpen(caller: UserExecutionContext, next?: UserExecutionContext): Promise<void> {
    const { workspace, bridge } = this;
    return closeLeftOpen({ workspace, bridge, caller, except: next?.agentPath.join('/') });
  }

  private async make(agent: string, type: Type<AgentHandler>): Promise<AgentHandler> {
    try {
      return await this.resolver.resolve(type);
    } catch (cause) {
      if (cause instanceof AppError) throw cause;
      throw new AppError('engine_init_failed', `The agent ${agent} could not be made.`, { cause });
    }
  }

  private timeoutMs(declaration: AgentDeclaration, isRoot: boolean): number {
    const { runTimeoutMs, agentTimeoutMs } = this.configuration.time;
    return isRoot ? runTimeoutMs : (declaration.timeoutMs ?? agentTimeoutMs);
  }

  private desk(
    { context, input, parentDeadlineMs = Infinity }: AgentCall,
    signal: AbortSignal,
    timeoutMs: number,
  ): AgentDesk {
    const { workspace, tools, models } = this;
    return new AgentDesk({
      workspace,
      tools,
      models,
      runner: this,
      emitter: this.bridge.emitterFor(context),
      context,
      input,
      signal,
      deadlineMs: Math.min(parentDeadlineMs, this.clock.monotonicMs() + timeoutMs),
    });
  }
}

const tooLong = (agent: string, timeoutMs: number): AppError =>
  new AppError('run_timeout', `${agent} took longer than ${timeoutMs} ms.`);
