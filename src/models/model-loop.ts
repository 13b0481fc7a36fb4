import { Injectable } from '@nestjs/common';
import { Configuration } from '../config/configuration.js';
import type { JsonObject } from '../context/json.js';
import { Clock } from '../telemetry/clock.js';
import { Ids } from '../telemetry/ids.js';
import { Logger } from '../telemetry/logger.js';
import { BackOff } from './back-off.js';
import { openingPrompt } from './conversation-prompt.js';
import { LoopTools, type LoopTool } from './loop-tools.js';
import { ModelAvailability } from './model-availability.js';
import { priceCall } from './model-price.js';
import { ConfiguredModel } from './model-provider.js';
import type { ModelUsage } from './model-usage.js';
import { PlannerModel } from './planner-model.js';
import type { Plan, PlannedResult } from './plan.js';
import { ProviderAttempts } from './provider-attempts.js';
import { ResilientModel, type DegradedNotice } from './resilient-model.js';
import type { RunBudget } from './run-budget.js';
import type { Listener } from './step-voice.js';
import { isToolCall, stepMessages, textOf } from './transcript.js';
import { untilAborted } from './until-aborted.js';

/** One conversation. Callbacks come while it goes on: a thought a step, the answer as it is written. */
export interface LoopRequest extends Listener {
  readonly instructions: string;
  readonly input: JsonObject;
  readonly tools: readonly LoopTool[];
  readonly plan: Plan;
  /** Finished calls of an earlier attempt: shown to the model as already made, never made again. */
  readonly resumed: readonly PlannedResult[];
  readonly signal: AbortSignal;
  /** When the caller's time is over, on the scale of Clock.monotonicMs(): a model that hangs leaves the planner some of it. */
  readonly deadlineMs?: number;
  /** Most model steps; LLM_MAX_STEPS if absent. The planner then finishes from what there is. */
  readonly maxSteps?: number;
  readonly budget: RunBudget;
  /** A model's step was given to the planner, or its answer broke off while the user was reading it. */
  readonly onDegraded: (notice: DegradedNotice) => void;
}

export interface LoopOutcome {
  /** The text of the last step, never empty. This counts, whatever onText gave. */
  readonly text: string;
  /** All calls, those resumed first, in the order in which they were asked for. */
  readonly calls: readonly PlannedResult[];
  readonly usage: ModelUsage;
  /** The planner took at least one step that a model should have taken. */
  readonly degraded: boolean;
  readonly steps: number;
}

/** The one loop of model and tools, for every provider and for the planner. */
@Injectable()
export class ModelLoop {
  private readonly attempts: ProviderAttempts;

  constructor(
    private readonly configuration: Configuration,
    private readonly configured: ConfiguredModel,
    private readonly availability: ModelAvailability,
    backOff: BackOff,
    private readonly clock: Clock,
    private readonly ids: Ids,
    logger: Logger,
  ) {
    this.attempts = new ProviderAttempts({ timeoutMs: configuration.model.timeoutMs, backOff, clock, logger });
  }

  /**
   * Rejects with the signal's reason as soon as it aborts, and with what a tool or the plan threw.
   * A provider that fails never rejects: the planner takes its steps.
   */
  async run(request: LoopRequest): Promise<LoopOutcome> {
    request.signal.throwIfAborted();
    return untilAborted(this.converse(request), request.signal);
  }

  private async converse(request: LoopRequest): Promise<LoopOutcome> {
    const model = this.modelFor(request);
    const { resumed, signal } = request;
    const tools = new LoopTools(request.tools, { resumed, signal, nextId: () => this.ids.next() });
    const { declarations } = tools;
    const calls = [...resumed];
    let prompt = openingPrompt(request);
    // It ends: after a model's steps the planner goes on, and after the planner's ResilientModel throws.
    for (let steps = 1; ; steps += 1) {
      signal.throwIfAborted();
      const { content } = await model.doGenerate({
        prompt,
        abortSignal: signal,
        // OpenAI keeps conversations unless told otherwise.
        providerOptions: { openai: { store: false } },
        ...(declarations === undefined ? {} : { tools: declarations, toolChoice: { type: 'auto' } }),
      });
      // The first that throws ends the conversation, whatever the others do.
      const made = await Promise.all(content.filter(isToolCall).map((call) => tools.call(call)));
      calls.push(...made.map(({ result }) => result));
      if (made.length === 0)
        return { text: textOf(content), calls, usage: model.usage, degraded: model.isDegraded, steps };
      prompt = [...prompt, ...stepMessages(content, made)];
    }
  }

  private modelFor(request: LoopRequest): ResilientModel {
    const { name = '', provider } = this.configuration.model;
    return new ResilientModel({
      provider: this.configured.model,
      planner: new PlannerModel(request.plan),
      attempts: this.attempts,
      availability: this.availability,
      budget: request.budget,
      maxSteps: this.maxSteps(request),
      deadlineMs: request.deadlineMs,
      price: (usage) => priceCall({ model: name, provider, usage, at: this.clock.now() }),
      listener: request,
    });
  }

  private maxSteps({ maxSteps }: LoopRequest): number {
    return maxSteps ?? this.configuration.model.maxSteps;
  }
}
