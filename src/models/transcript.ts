import type { TextStreamPart } from 'ai';
import { isJsonObject, type JsonObject } from '../context/json.js';
import type { SdkTools } from './loop-tools.js';
import type { PlannedResult } from './plan.js';
import { shorten } from './shorten.js';

const MAX_MESSAGE_CHARS = 1_000;

interface Call {
  readonly tool: string;
  readonly parameters: JsonObject;
  result?: PlannedResult;
}

/** What a conversation comes to: its tool calls in the order in which they were asked for, and the text of its last step. */
export class Transcript {
  private readonly calls: Call[] = [];
  /** Calls of the step by id: some hosts count from zero again in each answer. */
  private step = new Map<string, Call>();
  private stepText = '';
  private stepCount = 0;

  constructor(private readonly resumed: readonly PlannedResult[]) {}

  take(part: TextStreamPart<SdkTools>): void {
    if (part.type === 'start-step') this.begin();
    else if (part.type === 'text-delta') this.stepText += part.text;
    else if (part.type === 'tool-call') this.open(part.toolCallId, part.toolName, part.input);
    else if (part.type === 'tool-result' && part.dynamic !== true) this.close(part.toolCallId, part.output);
    else if (part.type === 'tool-error') this.reject(part.toolCallId, part.error);
  }

  get text(): string {
    return this.stepText.trim();
  }

  get steps(): number {
    return this.stepCount;
  }

  get results(): PlannedResult[] {
    return [...this.resumed, ...this.calls.flatMap(({ result }) => (result === undefined ? [] : [result]))];
  }

  private begin(): void {
    this.stepText = '';
    this.step = new Map();
    this.stepCount += 1;
  }

  private open(id: string, tool: string, input: unknown): void {
    const call = { tool, parameters: isJsonObject(input) ? input : {} };
    this.calls.push(call);
    this.step.set(id, call);
  }

  /** Our tools' outputs are results already (loop-tools.ts). */
  private close(id: string, output: PlannedResult): void {
    const call = this.step.get(id);
    if (call !== undefined) call.result = output;
  }

  /** The call never reached a tool: there is no such tool, or its parameters do not fit. */
  private reject(id: string, error: unknown): void {
    const call = this.step.get(id);
    if (call === undefined) return;
    const message = shorten(error instanceof Error ? error.message : String(error), MAX_MESSAGE_CHARS);
    call.result = {
      tool: call.tool,
      parameters: call.parameters,
      success: false,
      error: { code: 'validation_failed', message },
    };
  }
}
