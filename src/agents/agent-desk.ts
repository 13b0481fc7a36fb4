import type { JsonObject } from '../context/json.js';
import type { UserExecutionContext } from '../context/user-execution-context.js';
import { AppError } from '../errors/app-error.js';
import type { UnifiedWebSocketEmitter } from '../events/unified-websocket-emitter.js';
import type { ModelLoop } from '../models/model-loop.js';
import { DIRECT_CALL, type ToolCaller, type ToolRecord } from '../tools/tool-call.js';
import type { ToolRunner } from '../tools/tool-runner.js';
import type { AgentRunner } from './agent-runner.js';
import { AgentTurns } from './agent-turns.js';
import type { AgentTask, Conversation, ConversationOutcome, DelegateOutcome, HistoryMessage } from './agent-task.js';
import { converse } from './conversation.js';
import { inLanguageOf } from './conversation-language.js';
import type { InDoubtCall } from './run-journal.js';
import type { RunWorkspace } from './run-workspace.js';
import { ToolReplay } from './tool-replay.js';

export interface DeskParts {
  readonly workspace: RunWorkspace;
  readonly tools: ToolRunner;
  readonly models: ModelLoop;
  readonly runner: AgentRunner;
  readonly emitter: UnifiedWebSocketEmitter;
  readonly context: UserExecutionContext;
  readonly input: JsonObject;
  readonly signal: AbortSignal;
  /** When the agent's time is over, on the scale of Clock.monotonicMs(). */
  readonly deadlineMs: number;
}

/**
 * The AgentTask of one agent: reads from the run's workspace, and goes through the run's runners. Once it is closed
 * nothing comes from it any more, whatever the agent's code still tries.
 */
export class AgentDesk implements AgentTask {
  readonly input: JsonObject;
  readonly context: UserExecutionContext;
  readonly signal: AbortSignal;
  readonly deadlineMs: number;
  readonly emitter: UnifiedWebSocketEmitter;
  private readonly caller: ToolCaller;
  private readonly replay: ToolReplay;
  private readonly turns = new AgentTurns();
  private readonly delegated = new Map<string, number>();
  private readonly segments = new Set<string>();
  private closed = false;
  private conversations = 0;

  constructor(private readonly parts: DeskParts) {
    this.emitter = parts.emitter;
    this.input = parts.input;
    this.context = parts.context;
    this.signal = parts.signal;
    this.deadlineMs = parts.deadlineMs;
    this.caller = { context: parts.context, emitter: this.emitter, signal: parts.signal };
    this.replay = new ToolReplay(parts.workspace.journal, parts.context.agentPath.join('/'));
  }

  get query(): string {
    return this.parts.workspace.fields.query;
  }

  get history(): readonly HistoryMessage[] {
    return this.parts.workspace.fields.history;
  }

  get findings(): Readonly<Record<string, JsonObject>> {
    return this.parts.workspace.findings;
  }

  get toolResults(): readonly ToolRecord[] {
    return this.parts.workspace.toolResults;
  }

  get attempt(): number {
    return this.parts.workspace.fields.attempt;
  }

  think(reasoning: string, label?: string, progress?: number): void {
    const data = {
      reasoning,
      ...(label === undefined ? {} : { label }),
      ...(progress === undefined ? {} : { progress }),
    };
    this.turns.afterwards(() => {
      if (this.isOver) return;
      // In performance mode this waits for nothing; a failed write reaches the run through its lease.
      this.emitter.emitAgentThinking(data).catch(() => undefined);
    });
  }

  converse(conversation: Conversation): Promise<ConversationOutcome> {
    const ordinal = this.conversations;
    this.conversations += 1;
    const { models, tools, workspace } = this.parts;
    const conversing = converse(inLanguageOf(this.context, conversation), {
      ordinal,
      models,
      tools,
      budget: workspace.fields.budget,
      desk: this,
      replay: this.replay,
    });
    return handled(conversing);
  }

  callTool(tool: string, parameters: JsonObject): Promise<ToolRecord> {
    return handled(this.callDirectly(tool, parameters));
  }

  /** Makes a call now and keeps its record for the agents that follow. */
  runTool(request: {
    tool: string;
    parameters: JsonObject;
    conversation: number;
    retryOf?: string | undefined;
  }): Promise<ToolRecord> {
    const { activeTools } = this.parts.workspace;
    return this.turns.share(async () => {
      this.throwIfOver();
      activeTools.add(request);
      try {
        return this.keep(await this.parts.tools.call(this.caller, request));
      } finally {
        activeTools.delete(request);
      }
    });
  }

  /** Keeps the record of a doubtful call that must not be repeated ([RN5]). */
  refuse(call: InDoubtCall): ToolRecord {
    return this.keep(this.replay.unknownOutcome(call));
  }

  /** The record of a doubtful call like this one: what must not be repeated is not repeated for a model that asks again. */
  refusal(tool: string, parameters: JsonObject): ToolRecord | undefined {
    return this.replay.refused(tool, parameters);
  }

  delegate(agent: string, input: JsonObject): Promise<DelegateOutcome> {
    return handled(this.turns.alone(() => this.runAgent(agent, input)));
  }

  streamText(text: string): void {
    if (!this.isOver) this.parts.workspace.streamText(text);
  }

  resetText(): void {
    if (!this.isOver) this.parts.workspace.resetText();
  }

  /** Resolves when no tool call and no other agent is at work for this one. */
  idle(): Promise<void> {
    return this.turns.idle();
  }

  close(): void {
    this.closed = true;
  }

  private get isOver(): boolean {
    return this.closed || this.signal.aborted;
  }

  private throwIfOver(): void {
    this.signal.throwIfAborted();
    if (this.closed) throw new AppError('invalid_state', `${this.context.agentPath.join('/')} has ended already.`);
  }

  private async callDirectly(tool: string, parameters: JsonObject): Promise<ToolRecord> {
    this.throwIfOver();
    const earlier = this.replay.take(tool, parameters);
    if (earlier !== undefined && !('inDoubt' in earlier)) return earlier;
    if (earlier !== undefined && !this.parts.tools.isIdempotent(tool)) return this.refuse(earlier.inDoubt);
    return this.runTool({ tool, parameters, conversation: DIRECT_CALL, retryOf: earlier?.inDoubt.toolCallId });
  }

  private async runAgent(agent: string, input: JsonObject): Promise<DelegateOutcome> {
    this.throwIfOver();
    const { workspace, runner } = this.parts;
    const name = this.nameFor(agent);
    const context = this.context.child(this.segmentFor(agent));
    const completed = workspace.journal.completedAgents.get(context.agentPath.join('/'));
    const { signal: parentSignal, deadlineMs: parentDeadlineMs } = this;
    const outcome = completed?.outcome ?? (await runner.run({ agent, input, context, parentSignal, parentDeadlineMs }));
    workspace.keep(name, outcome);
    return outcome;
  }

  /**
   * Paths are unique in a run: a second call of the same agent gets a number, and so does the first one of an agent that
   * an earlier attempt had begun and that was ended here because another one came before it.
   */
  private segmentFor(agent: string): string {
    const { workspace } = this.parts;
    const pathOf = (segment: string): string => [...this.context.agentPath, segment].join('/');
    const givenUp: string[] = [];
    for (let count = 1; ; count += 1) {
      const segment = numbered(agent, count);
      if (this.segments.has(segment)) continue;
      this.segments.add(segment);
      if (!workspace.isGivenUp(pathOf(segment))) {
        for (const earlier of givenUp) workspace.takeUp(pathOf(earlier), pathOf(segment));
        return segment;
      }
      givenUp.push(segment);
    }
  }

  /** What the agent's finding is kept as: whatever became of earlier attempts at it, the first one has its plain name. */
  private nameFor(agent: string): string {
    const count = (this.delegated.get(agent) ?? 0) + 1;
    this.delegated.set(agent, count);
    return numbered(agent, count);
  }

  private keep(record: ToolRecord): ToolRecord {
    this.parts.workspace.toolResults.push(record);
    return record;
  }
}

/** "data", "data-2", "data-3" … */
const numbered = (agent: string, count: number): string => (count === 1 ? agent : `${agent}-${count}`);

/** An agent that does not wait for what it began must not end the process when that fails. */
function handled<Result>(work: Promise<Result>): Promise<Result> {
  work.catch(() => undefined);
  return work;
}
