import { OpenAgent } from './open-agent.js';
import { ToolCalls } from './tool-calls.js';
import type {
  AgentCompletedEvent,
  AgentErrorEvent,
  AgentStartedEvent,
  AgentThinkingEvent,
  RunEvent,
  RunResumedEvent,
  ThreadEvent,
  ToolCompletedEvent,
  ToolExecutingEvent,
} from './thread-events.js';
import { isRunEvent } from './thread-events.js';

const ROOT = 'supervisor';

type AgentEvent = Extract<RunEvent, { agent_path: string[] }>;

/**
 * The grammar of one run, fed with its events from the first one on. `accept` and `end` give the violations they find,
 * none when all is well. After a take-over it expects `run_resumed` with the attempt after the last one in the log,
 * then the open tool calls closed as outcome_unknown, then the open agents started again, outermost first.
 */
export class RunGrammar {
  private readonly tools = new ToolCalls();
  private readonly startedPaths = new Set<string>();
  /** Root first; only the last one may act. */
  private open: OpenAgent[] = [];
  /** Paths open at a take-over and not started again yet, outermost first. */
  private awaited: string[] = [];
  private attempt: number | undefined;
  private messageSeen = false;
  private rootStarted = false;
  private ended = false;

  accept(event: RunEvent): string[] {
    return this.violations(event).map((violation) => `run ${event.run_id}, seq ${event.seq}: ${violation}`);
  }

  /** Violations of a log that stops here. */
  end(): string[] {
    return this.ended ? [] : ['the run has no final event'];
  }

  private violations(event: RunEvent): string[] {
    if (this.ended) return [`${event.type} after the final event`];
    const found: string[] = [];
    if (event.type === 'message_created') {
      if (this.messageSeen) found.push('message_created is not the first event');
    } else if (!this.messageSeen) {
      found.push(`the run begins with ${event.type}, not message_created`);
    }
    this.messageSeen = true;
    if (this.tools.awaitClosing && event.type !== 'tool_completed' && event.type !== 'run_resumed') {
      found.push(`${event.type} before the tool calls open at the take-over were closed`);
    }
    return [...found, ...this.apply(event)];
  }

  private apply(event: RunEvent): string[] {
    switch (event.type) {
      case 'message_created':
        return [];
      case 'run_resumed':
        return this.resumed(event);
      case 'agent_started':
        return this.agentStarted(event);
      case 'agent_thinking':
        return this.thinking(event);
      case 'tool_executing':
        return this.toolExecuting(event);
      case 'tool_completed':
        return this.toolCompleted(event);
      case 'tool_approval_requested':
        return this.acting(event);
      case 'agent_error':
        return this.agentError(event);
      case 'agent_completed':
        return this.agentCompleted(event);
    }
  }

  private resumed(event: RunResumedEvent): string[] {
    const found: string[] = [];
    if (this.attempt !== undefined && event.attempt !== this.attempt + 1) {
      found.push(`run_resumed with attempt ${event.attempt} after attempt ${this.attempt}`);
    }
    this.attempt = event.attempt;
    // What an earlier, interrupted take-over did not start again lies deeper than what it did.
    this.awaited = [...this.open.map((agent) => agent.key), ...this.awaited];
    this.open = [];
    this.tools.takeOver();
    return found;
  }

  private agentStarted(event: AgentStartedEvent): string[] {
    const key = pathKey(event.agent_path);
    const found = this.awaited.length > 0 ? this.restarted(key) : this.firstStarted(event, key);
    this.attempt ??= event.attempt;
    if (event.attempt !== this.attempt) {
      found.push(`agent ${key} started with attempt ${event.attempt} in attempt ${this.attempt}`);
    }
    this.startedPaths.add(key);
    this.rootStarted ||= key === ROOT;
    this.open.push(new OpenAgent(key));
    return found;
  }

  private restarted(key: string): string[] {
    const found: string[] = [];
    const [next] = this.awaited;
    if (key !== next) found.push(`agent ${key} started before ${next}, open at the take-over, was started again`);
    const parent = this.open.at(-1);
    if (parent !== undefined) found.push(...parent.violationsOfActing('agent_started'));
    this.awaited = this.awaited.filter((awaited) => awaited !== key);
    return found;
  }

  private firstStarted(event: AgentStartedEvent, key: string): string[] {
    const found: string[] = [];
    if (this.startedPaths.has(key)) found.push(`agent path ${key} is started a second time`);
    const parent = this.open.at(-1);
    const parentKey = pathKey(event.agent_path.slice(0, -1));
    if (parent === undefined) {
      if (key !== ROOT || event.agent !== ROOT) found.push(`agent ${key} started where the ${ROOT} should`);
    } else if (parent.key !== parentKey) {
      found.push(`agent ${key} started inside ${parent.key}`);
    } else {
      found.push(...parent.violationsOfActing('agent_started'));
      if (this.tools.openOf(parent.key).length > 0) found.push(`agent ${key} started with a tool call open`);
    }
    return found;
  }

  private thinking(event: AgentThinkingEvent): string[] {
    const found = this.current(event);
    const agent = this.open.at(-1);
    if (found.length > 0 || agent === undefined) return found;
    return agent.think();
  }

  private toolExecuting(event: ToolExecutingEvent): string[] {
    return [...this.acting(event), ...this.tools.start(event, pathKey(event.agent_path))];
  }

  private toolCompleted(event: ToolCompletedEvent): string[] {
    const closing = this.tools.awaitClosing;
    const found = this.tools.complete(event, pathKey(event.agent_path));
    return closing ? found : [...this.acting(event), ...found];
  }

  private agentError(event: AgentErrorEvent): string[] {
    const found = [...this.acting(event), ...this.unfinished(event)];
    this.open.at(-1)?.fail();
    return found;
  }

  private agentCompleted(event: AgentCompletedEvent): string[] {
    const key = pathKey(event.agent_path);
    const found = [...this.current(event), ...this.unfinished(event)];
    const agent = this.open.find((candidate) => candidate.key === key);
    if (agent !== undefined && !agent.hasThought) found.push(`agent ${key} completed without an agent_thinking`);
    this.open = this.open.filter((candidate) => candidate !== agent);
    if ((key === ROOT) !== (event.final === true)) {
      found.push(key === ROOT ? `agent_completed of the ${ROOT} is not final` : `agent_completed of ${key} is final`);
    }
    if (event.final !== true) return found;
    this.ended = true;
    if (event.agent !== ROOT) found.push(`the final event is of agent ${event.agent}`);
    if (event.response === '') found.push('the final event has an empty response');
    return found;
  }

  /** The agent must be the innermost open one, have thought, and have no error behind it. */
  private acting(event: AgentEvent): string[] {
    const found = this.current(event);
    const agent = this.open.at(-1);
    if (found.length > 0 || agent === undefined) return found;
    return agent.violationsOfActing(event.type);
  }

  private current(event: AgentEvent): string[] {
    const key = pathKey(event.agent_path);
    const innermost = this.open.at(-1)?.key;
    if (key === innermost) return [];
    if (this.awaited.includes(key)) return [`${event.type} of ${key}, which was not started again after the take-over`];
    if (!this.rootStarted) return [`${event.type} before agent_started of the ${ROOT}`];
    const open = this.open.some((agent) => agent.key === key);
    return [open ? `${event.type} of ${key} while ${innermost} is open` : `${event.type} of ${key}, which is not open`];
  }

  /** What must be over before an agent's error or end. */
  private unfinished(event: AgentEvent): string[] {
    const key = pathKey(event.agent_path);
    const found = this.tools.openOf(key).map((id) => `${event.type} of ${key} with tool call ${id} open`);
    const waiting = this.awaited.filter((awaited) => awaited.startsWith(`${key}/`));
    return [...found, ...waiting.map((child) => `${event.type} of ${key} before ${child} was started again`)];
  }
}

/** Checks every run of a thread's complete log, in order of seq; other events are passed over. */
export function checkRunGrammar(events: readonly ThreadEvent[]): string[] {
  const runs = new Map<string, RunGrammar>();
  const found: string[] = [];
  for (const event of events.filter(isRunEvent)) {
    const grammar = runs.get(event.run_id) ?? new RunGrammar();
    runs.set(event.run_id, grammar);
    found.push(...grammar.accept(event));
  }
  for (const [runId, grammar] of runs) {
    found.push(...grammar.end().map((violation) => `run ${runId}: ${violation}`));
  }
  return found;
}

function pathKey(path: readonly string[]): string {
  return path.join('/');
}
