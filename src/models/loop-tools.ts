import { jsonSchema, zodSchema, type Tool } from 'ai';
import { z } from 'zod';
import { isJsonObject, type JsonObject } from '../context/json.js';
import { callKey } from './call-key.js';
import type { PlannedResult } from './plan.js';
import { outputOf } from './tool-output.js';

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
  /** A tool threw: the conversation must end with this error. */
  readonly onFatal: (error: unknown) => void;
}

export type SdkTools = Record<string, Tool<JsonObject, PlannedResult>>;

type SdkSchema = ReturnType<typeof jsonSchema<JsonObject>>;

/** Turning zod into JSON Schema costs more than a whole planner step; the schemas live as long as their tools' classes. */
const schemas = new WeakMap<z.ZodType, SdkSchema>();

/** The tools as the AI SDK wants them. Parameters that do not fit go back to the model as a failed call. */
export function sdkTools(tools: readonly LoopTool[], calls: ToolCalls): SdkTools {
  const finished = new Map(
    calls.resumed.filter(({ success }) => success).map((call) => [callKey(call.tool, call.parameters), call]),
  );
  // Without a prototype: a model that calls "constructor" must find nothing.
  const set: SdkTools = {};
  Object.setPrototypeOf(set, null);
  for (const tool of tools) set[tool.name] = sdkTool(tool, finished, calls);
  return set;
}

function sdkTool(
  tool: LoopTool,
  finished: ReadonlyMap<string, PlannedResult>,
  calls: ToolCalls,
): Tool<JsonObject, PlannedResult> {
  return {
    description: tool.description,
    inputSchema: schemaOf(tool.schema),
    async execute(parameters) {
      const known = finished.size === 0 ? undefined : finished.get(callKey(tool.name, parameters));
      if (known !== undefined) return known;
      try {
        calls.signal.throwIfAborted();
        return await tool.call(parameters, calls.nextId());
      } catch (error) {
        calls.onFatal(error);
        throw error;
      }
    },
    toModelOutput: ({ output }) => outputOf(output),
  };
}

function schemaOf(schema: z.ZodType): SdkSchema {
  const known = schemas.get(schema);
  if (known !== undefined) return known;
  const made = jsonSchema<JsonObject>(() => zodSchema(schema).jsonSchema, {
    validate: (value) => validated(schema, value),
  });
  schemas.set(schema, made);
  return made;
}

/** Checks only: the tool gets the parameters as they were sent and parses them itself, with its defaults. */
async function validated(schema: z.ZodType, value: unknown) {
  const result = await schema.safeParseAsync(value);
  if (!result.success) return { success: false as const, error: new Error(z.prettifyError(result.error)) };
  if (!isJsonObject(value)) return { success: false as const, error: new Error('The parameters must be an object.') };
  return { success: true as const, value };
}
