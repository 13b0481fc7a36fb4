import { isDeepStrictEqual } from 'node:util';
import { isJsonObject, type JsonObject } from '../context/json.js';
import { redact } from '../events/redact.js';
import { DIRECT_CALL, type ToolRecord } from '../tools/tool-call.js';
import type { InDoubtCall, RunJournal } from './run-journal.js';

/** What one agent did in earlier attempts: handed out once each, so that it is not done again. */
export class ToolReplay {
  private readonly finished: ToolRecord[];
  private readonly open: InDoubtCall[];
  private readonly unknown: ToolRecord[] = [];

  constructor(journal: RunJournal, agentPath: string) {
    this.finished = journal.toolCalls.filter((call) => call.agentPath === agentPath);
    this.open = journal.inDoubt.filter((call) => call.agentPath === agentPath);
  }

  /** The finished or doubtful direct call with the same tool and parameters. */
  take(tool: string, parameters: JsonObject): ToolRecord | { readonly inDoubt: InDoubtCall } | undefined {
    const wanted = asStored(parameters);
    const finished = this.finished.findIndex(
      (call) => isDirect(call, tool) && isDeepStrictEqual(call.parameters, wanted),
    );
    if (finished >= 0) return this.finished.splice(finished, 1)[0];
    // Of these only the event is left, which shows parameters redacted and shortened.
    const shown = redact(wanted);
    const open = this.open.findIndex((call) => isDirect(call, tool) && isDeepStrictEqual(call.parameters, shown));
    const inDoubt = open < 0 ? undefined : this.open.splice(open, 1)[0];
    return inDoubt === undefined ? undefined : { inDoubt };
  }

  /** The finished calls of a conversation, in order. */
  takeConversation(ordinal: number): ToolRecord[] {
    return takeAll(this.finished, (call) => call.conversation === ordinal);
  }

  /** The doubtful calls of a conversation, in order. */
  takeInDoubt(ordinal: number): InDoubtCall[] {
    return takeAll(this.open, (call) => call.conversation === ordinal);
  }

  /** The record that `unknownOutcome` gave for a call with this tool and these parameters. */
  refused(tool: string, parameters: JsonObject): ToolRecord | undefined {
    if (this.unknown.length === 0) return undefined;
    const shown = redact(asStored(parameters));
    return this.unknown.find((call) => call.tool === tool && isDeepStrictEqual(call.parameters, shown));
  }

  /** The record of a call that must not be repeated. */
  unknownOutcome(call: InDoubtCall): ToolRecord {
    const record: ToolRecord = {
      toolCallId: call.toolCallId,
      agentPath: call.agentPath,
      tool: call.tool,
      parameters: call.parameters,
      conversation: call.conversation,
      success: false,
      error: { code: 'outcome_unknown', message: `The outcome of ${call.tool} is unknown; it was not repeated.` },
    };
    this.unknown.push(record);
    return record;
  }
}

const isDirect = (call: { tool: string; conversation: number }, tool: string): boolean =>
  call.conversation === DIRECT_CALL && call.tool === tool;

/** As JSON gives it back: without members that are undefined. */
function asStored(parameters: JsonObject): JsonObject {
  const stored: unknown = JSON.parse(JSON.stringify(parameters));
  return isJsonObject(stored) ? stored : {};
}

function takeAll<Item>(items: Item[], wanted: (item: Item) => boolean): Item[] {
  const taken = items.filter(wanted);
  const left = items.filter((item) => !wanted(item));
  items.splice(0, items.length, ...left);
  return taken;
}
