import type { JSONSchema7, LanguageModelV3FunctionTool, LanguageModelV3ToolCall } from '@ai-sdk/provider';
import { zodSchema } from 'ai';
import { z } from 'zod';
import { cutTextWithMark } from '../context/cut-text.js';
import { isJsonObject, type JsonObject } from '../context/json.js';
import { callKey } from './call-key.js';
import type { PlannedResult } from './plan.js';
import type { MadeCall } from './transcript.js';
import { outputOf } from './tool-output.js';

const MAX_MESSAGE_CHARS = 1_000;

export interface LoopTool {
  readonly name: string;
  readonly description: string;
  readonly schema: z.ZodType;
  /**
   * Runs the tool. A tool that fails is a result with success false; throwing ends the whole conversation.
   * `toolCallId` is a new UUID of our own: those of providers are neither UUIDs nor unique in a run.
   */
  call(parameters: JsonObject, toolCallId?: string): Promise<PlannedResult>;
}

export interface ToolCalls {
  /** Finished calls of an earlier attempt: asked for again, they answer from here. */
  readonly resumed: readonly PlannedResult[];
  readonly signal: AbortSignal;
  readonly nextId: () => string;
}

/** The tools of one conversation: how a model is told of them, and what comes of its calls. */
export class LoopTools {
  private readonly byName: ReadonlyMap<string, LoopTool>;
  private readonly finished: ReadonlyMap<string, PlannedResult>;

  constructor(
    tools: readonly LoopTool[],
    private readonly calls: ToolCalls,
  ) {
    this.byName = new Map(tools.map((tool) => [tool.name, tool]));
    const succeeded = calls.resumed.filter(({ success }) => success);
    this.finished = new Map(succeeded.map((call) => [callKey(call.tool, call.parameters), call]));
  }

  /** Undefined: there are none. */
  get declarations(): LanguageModelV3FunctionTool[] | undefined {
    if (this.byName.size === 0) return undefined;
    return [...this.byName.values()].map(({ name, description, schema }) => ({
      type: 'function',
      name,
      description,
      inputSchema: jsonSchemaOf(schema),
    }));
  }

  /** A call that can't be made goes back to the model as a failed one. Rejects with what the tool throws: that ends the conversation. */
  async call(asked: LanguageModelV3ToolCall): Promise<MadeCall> {
    const input = decode(asked.input);
    const parameters = isJsonObject(input) ? input : {};
    const tool = this.byName.get(asked.toolName);
    const refusal = tool === undefined ? this.unknown(asked.toolName) : await problemWith(tool, input);
    if (tool === undefined || refusal !== undefined) return refused(asked, parameters, refusal ?? '');
    // The tool gets the parameters as they were sent and parses them itself, with its defaults.
    const result = this.finished.get(callKey(tool.name, parameters)) ?? (await this.make(tool, parameters));
    return { asked, parameters, result, output: outputOf(result) };
  }

  private make(tool: LoopTool, parameters: JsonObject): Promise<PlannedResult> {
    this.calls.signal.throwIfAborted();
    return tool.call(parameters, this.calls.nextId());
  }

  private unknown(name: string): string {
    const known = [...this.byName.keys()].join(', ');
    return `There is no tool named ${name}. ${known === '' ? 'There are none.' : `Tools: ${known}.`}`;
  }
}

/** Turning zod into JSON Schema costs more than a whole planner step; the schemas live as long as their tools' classes. */
const jsonSchemas = new WeakMap<z.ZodType, JSONSchema7>();

function jsonSchemaOf(schema: z.ZodType): JSONSchema7 {
  const known = jsonSchemas.get(schema);
  if (known !== undefined) return known;
  // The type allows for a promise; of a zod schema it never is one.
  const made = zodSchema(schema).jsonSchema as JSONSchema7;
  jsonSchemas.set(schema, made);
  return made;
}

/** Models send nothing where a tool has no parameters. Undefined: no JSON. */
function decode(text: string): unknown {
  if (text.trim() === '') return {};
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** Why the tool can't be called with this; undefined: it can. */
async function problemWith({ name, schema }: LoopTool, input: unknown): Promise<string | undefined> {
  if (!isJsonObject(input)) return `The parameters of ${name} must be a JSON object.`;
  const { error } = await schema.safeParseAsync(input);
  return error && `Parameters of ${name}: ${z.prettifyError(error)}`;
}

function refused(asked: LanguageModelV3ToolCall, parameters: JsonObject, reason: string): MadeCall {
  const message = cutTextWithMark(reason, MAX_MESSAGE_CHARS);
  const error = { code: 'validation_failed', message } as const;
  return {
    asked,
    parameters,
    result: { tool: asked.toolName, parameters, success: false, error },
    output: { type: 'error-text', value: message },
  };
}
