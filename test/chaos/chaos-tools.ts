import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import type { JsonObject } from '../../src/context/json.js';
import { UserExecutionContext } from '../../src/context/user-execution-context.js';
import { Tool, type ToolCallContext, type ToolHandler } from '../../src/tools/tool.decorator.js';
import { Effects } from './effects.js';

const call = z.object({
  label: z.string(),
  beforeMs: z.number().default(0),
  afterMs: z.number().default(0),
  letters: z.number().default(0),
});
type Call = z.infer<typeof call>;

class EffectTool implements ToolHandler<Call> {
  constructor(
    private readonly context: UserExecutionContext,
    private readonly effects: Effects,
    private readonly idempotent: boolean,
  ) {}

  /** Time on both sides of the effect, so that faults strike before it and after it. */
  async execute(
    { label, beforeMs, afterMs, letters }: Call,
    { toolCallId, idempotencyKey: key, signal }: ToolCallContext,
  ): Promise<JsonObject> {
    await pause(beforeMs, undefined, { signal });
    const { userId, runId } = this.context;
    this.effects.record({ userId, runId, toolCallId, label, key, idempotent: this.idempotent });
    await pause(afterMs, undefined, { signal });
    return { label, text: 'x'.repeat(letters) };
  }
}

@Tool({ name: 'do_once', description: 'Has an effect that must not be repeated.', schema: call })
export class DoOnceTool extends EffectTool {
  constructor(context: UserExecutionContext, effects: Effects) {
    super(context, effects, false);
  }
}

export const IDEMPOTENT_TOOLS = ['do_again'];

@Tool({ name: 'do_again', description: 'Has an effect that may be repeated.', schema: call, idempotent: true })
export class DoAgainTool extends EffectTool {
  constructor(context: UserExecutionContext, effects: Effects) {
    super(context, effects, true);
  }
}
