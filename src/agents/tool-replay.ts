import { isDeepStrictEqual } from 'node:util';
import type { JsonObject } from '../context/json.js';
import type { ToolRecord } from '../tools/tool-call.js';
import type { InDoubtCall, RunJournal } from './run-journal.js';

/** What one agent did in earlier attempts: handed out once each, so that it is not done again. */
export class ToolReplay {
  private readonly finished: ToolRecord[];
  private readonly open: InDoubtCall[];

  constructor(journal: RunJournal, agentPath: string) {
    this.finished = journal.toolCalls.filter((call) => call.agentPath === agentPath);
    this.open = journal.inDoubt.filter((call) => call.agentPath === agentPath);
  }

  /** The finished or doubtful call with the same tool and parameters. */
  take(tool: string, parameters: JsonObject): ToolRecord | { readonly inDoubt: InDoubtCall } | undefined {
    const same = (call: { tool: string; parameters: JsonObject }): boolean =>
      call.tool === tool && isDeepStrictEqual(call.parameters, parameters);
    const finished = this.finished.findIndex(same);
    if (finished >= 0) return this.finished.splice(finished, 1)[0];
    const open = this.open.findIndex(same);
    const inDoubt = open < 0 ? undefined : this.open.splice(open, 1)[0];
    return inDoubt === undefined ? undefined : { inDoubt };
  }

  /** The finished calls of a conversation, in order. */
  takeConversation(ordinal: number): ToolRecord[] {
    const calls = this.finished.filter((call) => call.conversation === ordinal);
    for (const call of calls) this.finished.splice(this.finished.indexOf(call), 1);
    return calls;
  }

  /** The doubtful calls; they belong to the last conversation that an attempt began, so nobody takes them before that one. */
  takeInDoubt(): InDoubtCall[] {
    return this.finished.length > 0 ? [] : this.open.splice(0);
  }

  /** The record of a call that must not be repeated. */
  unknownOutcome(call: InDoubtCall): ToolRecord {
    return {
      toolCallId: call.toolCallId,
      agentPath: call.agentPath,
      tool: call.tool,
      parameters: call.parameters,
      conversation: 0,
      success: false,
      error: { code: 'outcome_unknown', message: `The outcome of ${call.tool} is unknown; it was not repeated.` },
    };
  }
}
