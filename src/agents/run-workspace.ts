import type { JsonObject } from '../context/json.js';
import type { UserExecutionContext } from '../context/user-execution-context.js';
import type { RunBudget } from '../models/run-budget.js';
import type { TextStream } from '../events/text-streams.js';
import type { ToolRecord } from '../tools/tool-call.js';
import type { DelegateOutcome, HistoryMessage } from './agent-task.js';
import { takenUp, type RunJournal } from './run-journal.js';

export interface WorkspaceFields {
  readonly context: UserExecutionContext;
  readonly query: string;
  readonly history: readonly HistoryMessage[];
  readonly attempt: number;
  readonly journal: RunJournal;
  readonly budget: RunBudget;
  readonly pipelineVersion: string;
  /** The agent that the user asked for, instead of the pipeline. */
  readonly agent: string | undefined;
  /** Aborted by whoever owns the run: cancel, shutdown, lost lease. */
  readonly signal: AbortSignal;
  readonly openText: () => TextStream;
  readonly reportError: (error: unknown, step: string) => Promise<string>;
}

/** A tool call at work; two calls of one tool are two. */
interface ActiveTool {
  readonly tool: string;
}

/** What the agents of one attempt at one run share, and nobody else sees. */
export class RunWorkspace {
  readonly findings: Record<string, JsonObject> = {};
  /** The agents below the root that finished, and what each of them answered. */
  readonly finished = new Map<string, string | undefined>();
  readonly toolResults: ToolRecord[];
  /** What works at this moment: what a cancellation stops. */
  readonly activeAgents = new Set<string>();
  readonly activeTools = new Set<ActiveTool>();
  /** Paths of the agents that this attempt has started. */
  readonly startedPaths = new Set<string>();
  private known: RunJournal;
  private text: TextStream | undefined;
  private closed = false;
  private stoppedAt: { readonly tools: readonly string[]; readonly agents: readonly string[] } | undefined;

  constructor(readonly fields: WorkspaceFields) {
    this.known = fields.journal;
    this.toolResults = [...fields.journal.toolCalls];
    for (const { agent, outcome } of fields.journal.completedAgents.values()) this.keep(agent, outcome);
    fields.signal.addEventListener('abort', () => this.noteStopped(), { once: true });
  }

  get stopped(): { readonly tools: readonly string[]; readonly agents: readonly string[] } {
    return this.stoppedAt ?? { tools: [], agents: [] };
  }

  /** Keeps what an agent below came to, for the agents that follow and for an answer without them. */
  keep(agent: string, { status, result, response }: DelegateOutcome): void {
    this.findings[agent] = result;
    if (status === 'completed') this.finished.set(agent, response);
  }

  /** What earlier attempts left, by the paths that agents have in this one. */
  get journal(): RunJournal {
    return this.known;
  }

  /** Whether an agent at this path was begun and ended already without having been asked: paths are unique in a run. */
  isGivenUp(path: string): boolean {
    return this.startedPaths.has(path) || this.known.givenUp.has(path);
  }

  /** Gives an agent what one that was given up had done: no tool call is made twice because its caller's order is another. */
  takeUp(from: string, to: string): void {
    this.known = takenUp(this.known, from, to);
  }

  /** Agents below a path that an earlier attempt left open and this one has not started, outermost first. */
  leftOpenBelow(path: string, except?: string): string[] {
    const isBelow = (candidate: string, above: string): boolean => candidate.startsWith(`${above}/`);
    return this.fields.journal.openAgents.filter(
      (open) =>
        isBelow(open, path) &&
        !this.startedPaths.has(open) &&
        !(except !== undefined && (open === except || isBelow(open, except))),
    );
  }

  streamText(text: string): void {
    if (this.closed) return;
    this.text ??= this.fields.openText();
    this.text.append(text);
  }

  resetText(): void {
    this.text?.reset();
  }

  /** Ends what outlives a call: the text stream and its timer. */
  close(): void {
    this.closed = true;
    this.text?.close();
    this.text = undefined;
  }

  private noteStopped(): void {
    this.stoppedAt = { tools: [...this.activeTools].map(({ tool }) => tool), agents: [...this.activeAgents] };
  }
}
