import type { UserExecutionContext } from '../context/user-execution-context.js';
import type { AgentWebSocketBridge } from '../events/agent-websocket-bridge.js';
import type { RunWorkspace } from './run-workspace.js';

export interface LeftOpen {
  readonly workspace: RunWorkspace;
  readonly bridge: AgentWebSocketBridge;
  /** The agent below which to look. */
  readonly caller: UserExecutionContext;
  /** A path that is started again now, with what lies below it. */
  readonly except?: string | undefined;
}

/**
 * Ends the agents that an earlier attempt left open and that this one does not start again: because the run is stopped
 * before it comes to them, or because their caller decides otherwise this time. The log shows each of them begun, so
 * each is begun again and ended, outermost first and innermost first.
 */
export async function closeLeftOpen({ workspace, bridge, caller, except }: LeftOpen): Promise<void> {
  const { attempt, query, pipelineVersion } = workspace.fields;
  const left = workspace.leftOpenBelow(caller.agentPath.join('/'), except).map((path) => {
    const segments = path.split('/');
    const context = segments.slice(caller.agentPath.length).reduce((above, segment) => above.child(segment), caller);
    return { path, agent: segments.at(-1) ?? path, emitter: bridge.emitterFor(context) };
  });
  const { completedAgents, givenUp } = workspace.fields.journal;
  // In a log of a version that began an agent again after its end.
  const hasResult = (path: string): boolean => completedAgents.has(path) || givenUp.has(path);
  for (const { path, agent, emitter } of left) {
    workspace.startedPaths.add(path);
    await emitter.emitAgentStarted(agent, { query, attempt, pipeline_version: pipelineVersion });
    await emitter.emitAgentThinking({ reasoning: `${agent} was interrupted, and is not asked to go on.` });
  }
  for (const { path, agent, emitter } of left.reverse()) {
    const status = 'cancelled';
    const data = { status, result: {}, execution_time_ms: 0 };
    const agentResult = { path, agent, status, result: '{"result":{}}', attempt, executionTimeMs: 0 };
    await emitter.emitAgentCompleted(agent, data, hasResult(path) ? {} : { agentResult });
  }
}
