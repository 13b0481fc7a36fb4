import type { JsonObject } from '../context/json.js';
import type { ToolRecord } from '../tools/tool-call.js';
import type { DelegateOutcome } from './agent-task.js';

/** A finished agent of an earlier attempt. */
export interface CompletedAgent {
  readonly agent: string;
  readonly outcome: DelegateOutcome;
}

/** A call that an earlier attempt announced and never finished. */
export interface InDoubtCall {
  readonly toolCallId: string;
  readonly agentPath: string;
  readonly tool: string;
  readonly parameters: JsonObject;
  /** Which conversation of the agent it belongs to, counted from 0, or DIRECT_CALL. */
  readonly conversation: number;
}

/** What earlier attempts at a run left in the log: where this attempt goes on. Paths are joined by "/". */
export interface RunJournal {
  readonly completedAgents: ReadonlyMap<string, CompletedAgent>;
  /** Agents that were ended before they came to anything, for their caller decided otherwise: their paths are used up. */
  readonly givenUp: ReadonlySet<string>;
  /** Agents that were started and not completed, outermost first. */
  readonly openAgents: readonly string[];
  readonly toolCalls: readonly ToolRecord[];
  readonly inDoubt: readonly InDoubtCall[];
}

export const EMPTY_JOURNAL: RunJournal = {
  completedAgents: new Map(),
  givenUp: new Set(),
  openAgents: [],
  toolCalls: [],
  inDoubt: [],
};

/** The journal of a run where an agent is asked again under another path: what was done at the old one and below is its own. */
export function takenUp(journal: RunJournal, from: string, to: string): RunJournal {
  const moved = (path: string): string =>
    path === from || path.startsWith(`${from}/`) ? `${to}${path.slice(from.length)}` : path;
  return {
    ...journal,
    completedAgents: new Map([...journal.completedAgents].map(([path, agent]) => [moved(path), agent])),
    toolCalls: journal.toolCalls.map((call) => ({ ...call, agentPath: moved(call.agentPath) })),
    inDoubt: journal.inDoubt.map((call) => ({ ...call, agentPath: moved(call.agentPath) })),
  };
}
