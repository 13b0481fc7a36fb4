import {
  UnsupportedFunctionalityError,
  type LanguageModelV3,
  type LanguageModelV3CallOptions,
  type LanguageModelV3GenerateResult,
} from '@ai-sdk/provider';
import type { ErrorCode } from '@goldenpath/protocol';
import { AppError } from '../errors/app-error.js';
import { generateResult } from './answer-content.js';
import { boundedPrompt } from './bounded-prompt.js';
import type { ModelAvailability } from './model-availability.js';
import { addUsage, NO_USAGE, type ModelUsage } from './model-usage.js';
import type { PlannerModel } from './planner-model.js';
import type { ProviderAttempts } from './provider-attempts.js';
import { ProviderFailure } from './provider-failure.js';
import type { RunBudget } from './run-budget.js';
import { AnswerReader, type FinishPart, type StepAnswer } from './step-answer.js';
import { StepVoice, type Listener } from './step-voice.js';

/** A plan that needs more steps than this goes in circles. */
export const MAX_PLANNER_STEPS = 50;

export interface DegradedNotice {
  /** A sentence for the user. */
  readonly reason: string;
  readonly code: ErrorCode;
}

export interface ResilientModelParts {
  /** undefined: the planner answers every step. */
  readonly provider: LanguageModelV3 | undefined;
  readonly planner: PlannerModel;
  readonly attempts: ProviderAttempts;
  readonly availability: ModelAvailability;
  readonly budget: RunBudget;
  /** Model steps after which the planner finishes from what there is. */
  readonly maxSteps: number;
  /** See LoopRequest. */
  readonly deadlineMs: number | undefined;
  readonly price: (usage: FinishPart['usage']) => ModelUsage;
  readonly listener: Listener & { readonly onDegraded: (notice: DegradedNotice) => void };
}

/**
 * The model of one conversation: asks the provider, and gives the step to the planner when the provider cannot answer
 * it, the budget of the run is spent or the model comes to no end. Each time it says so.
 */
export class ResilientModel implements LanguageModelV3 {
  readonly specificationVersion = 'v3';
  readonly provider: string;
  readonly modelId: string;
  readonly supportedUrls = {};
  private used = NO_USAGE;
  private modelSteps = 0;
  private plannerSteps = 0;
  private degradedSteps = 0;
  private saidReason: string | undefined;

  constructor(private readonly own: ResilientModelParts) {
    this.provider = (own.provider ?? own.planner).provider;
    this.modelId = (own.provider ?? own.planner).modelId;
  }

  /** What the calls of this conversation used. */
  get usage(): ModelUsage {
    return this.used;
  }

  /** Whether the planner took a step that a model should have taken. */
  get isDegraded(): boolean {
    return this.degradedSteps > 0;
  }

  /** A provider is asked for a stream, so that the user sees the answer grow; the loop gets it when it is whole. */
  async doGenerate(options: LanguageModelV3CallOptions): Promise<LanguageModelV3GenerateResult> {
    const { provider } = this.own;
    const answer = provider === undefined ? undefined : await this.askOrDegrade(provider, options);
    return answer === undefined ? this.planned(options) : generateResult(answer);
  }

  doStream(): Promise<never> {
    return Promise.reject(new UnsupportedFunctionalityError({ functionality: 'an answer in pieces' }));
  }

  private async askOrDegrade(
    provider: LanguageModelV3,
    options: LanguageModelV3CallOptions,
  ): Promise<StepAnswer | undefined> {
    const { attempts, availability, deadlineMs } = this.own;
    const obstacle = this.obstacle();
    const call = obstacle === undefined ? availability.admit() : undefined;
    if (call === undefined) {
      this.degrade(obstacle ?? 'The model provider is away');
      return undefined;
    }
    this.modelSteps += 1;
    const signal = options.abortSignal ?? new AbortController().signal;
    const bounded = { ...options, prompt: boundedPrompt(options.prompt) };
    try {
      const ask = (abortSignal: AbortSignal, heard: () => void) =>
        this.attempt(provider, { ...bounded, abortSignal }, heard);
      const answer = await attempts.run(ask, { signal, deadlineMs });
      call.answered();
      this.saidReason = undefined;
      return answer;
    } catch (error) {
      if (!(error instanceof ProviderFailure)) throw error;
      call.failed(error);
      this.degrade(error.message);
      return undefined;
    }
  }

  private obstacle(): string | undefined {
    const { budget, maxSteps } = this.own;
    if (this.modelSteps >= maxSteps) return `The model came to no end in ${maxSteps} steps`;
    if (budget.exhausted) return `The run has used up its model budget of $${budget.limitUsd}`;
    return undefined;
  }

  /** A reason that lasts from step to step is said once. */
  private degrade(reason: string): void {
    this.degradedSteps += 1;
    if (reason === this.saidReason) return;
    this.saidReason = reason;
    this.own.listener.onDegraded({ reason: `${reason}; the planner goes on.`, code: 'model_unavailable' });
  }

  private async attempt(
    provider: LanguageModelV3,
    options: LanguageModelV3CallOptions,
    heard: () => void,
  ): Promise<StepAnswer> {
    const voice = new StepVoice(this.own.listener);
    const reader = new AnswerReader(voice);
    try {
      const { stream } = await provider.doStream(options);
      for await (const part of stream) {
        options.abortSignal?.throwIfAborted();
        // The SDK itself makes this part, as soon as there are headers.
        if (part.type !== 'stream-start') heard();
        reader.take(part);
      }
      const answer = reader.answer();
      voice.finished(answer);
      return answer;
    } catch (error) {
      if (voice.takeBack()) {
        this.own.listener.onDegraded({
          reason: "The model's answer broke off; it starts again.",
          code: 'model_unavailable',
        });
      }
      throw error;
    } finally {
      this.account(reader.usage);
    }
  }

  private account(usage: FinishPart['usage'] | undefined): void {
    if (usage === undefined) return;
    const priced = this.own.price(usage);
    this.used = addUsage(this.used, priced);
    this.own.budget.add(priced);
  }

  /** A plan's reasoning has been said; a provider that takes the next step could not read it back. */
  private planned(options: LanguageModelV3CallOptions): LanguageModelV3GenerateResult {
    const { content, ...rest } = generateResult(this.askPlanner(options));
    return { ...rest, content: content.filter(({ type }) => type !== 'reasoning') };
  }

  private askPlanner({ prompt, abortSignal }: LanguageModelV3CallOptions): StepAnswer {
    abortSignal?.throwIfAborted();
    this.plannerSteps += 1;
    if (this.plannerSteps > MAX_PLANNER_STEPS) {
      throw new AppError('internal', `The plan came to no end in ${MAX_PLANNER_STEPS} steps.`);
    }
    const voice = new StepVoice(this.own.listener);
    const reader = new AnswerReader(voice);
    for (const part of this.own.planner.parts(prompt)) reader.take(part);
    if (reader.isEmpty) throw new AppError('internal', 'The plan gave neither a text nor calls.');
    const answer = reader.answer();
    voice.finished(answer);
    return answer;
  }
}
