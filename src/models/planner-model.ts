import {
  UnsupportedFunctionalityError,
  type LanguageModelV3,
  type LanguageModelV3CallOptions,
  type LanguageModelV3FinishReason,
  type LanguageModelV3Prompt,
  type LanguageModelV3StreamPart,
  type LanguageModelV3StreamResult,
  type LanguageModelV3Usage,
} from '@ai-sdk/provider';
import { PLANNER } from './model-usage.js';
import { planView } from './plan-view.js';
import type { Plan, PlannedStep } from './plan.js';
import { streamOf } from './stream-of.js';

const NOTHING_USED: LanguageModelV3Usage = {
  inputTokens: { total: 0, noCache: 0, cacheRead: 0, cacheWrite: 0 },
  outputTokens: { total: 0, text: 0, reasoning: 0 },
};

/** Words that belong together in one delta: a few at a time read like writing and cost less than one event a word. */
const TEXT_CHUNKS = /[\s\S]{1,40}(?:\s+|$)|\S+\s*/gu;

/** A plan in the place of a model: same messages in, same parts out; no key, no network, no waiting, no chance. */
export class PlannerModel implements LanguageModelV3 {
  readonly specificationVersion = 'v3';
  readonly provider = PLANNER;
  readonly modelId = PLANNER;
  readonly supportedUrls = {};

  constructor(private readonly plan: Plan) {}

  /** The next step, as a model would stream it. Throws what the plan throws. */
  parts(prompt: LanguageModelV3Prompt): LanguageModelV3StreamPart[] {
    const view = planView(prompt);
    const step = this.plan(view);
    return [...reasoningParts(step.reasoning), ...stepParts(step, view.calls.length)];
  }

  doStream({ prompt }: LanguageModelV3CallOptions): Promise<LanguageModelV3StreamResult> {
    return Promise.resolve({ stream: streamOf(this.parts(prompt)) });
  }

  doGenerate(): Promise<never> {
    return Promise.reject(new UnsupportedFunctionalityError({ functionality: 'an answer in one piece' }));
  }
}

function reasoningParts(reasoning: string): LanguageModelV3StreamPart[] {
  if (reasoning === '') return [];
  return [
    { type: 'reasoning-start', id: 'reasoning' },
    { type: 'reasoning-delta', id: 'reasoning', delta: reasoning },
    { type: 'reasoning-end', id: 'reasoning' },
  ];
}

function stepParts(step: PlannedStep, callsBefore: number): LanguageModelV3StreamPart[] {
  if ('text' in step) {
    const deltas = (step.text.match(TEXT_CHUNKS) ?? []).map((delta) => ({
      type: 'text-delta' as const,
      id: 'text',
      delta,
    }));
    return [{ type: 'text-start', id: 'text' }, ...deltas, { type: 'text-end', id: 'text' }, finish('stop')];
  }
  const calls = step.calls.map(({ tool, parameters }, index) => ({
    type: 'tool-call' as const,
    toolCallId: `${PLANNER}_${callsBefore + index + 1}`,
    toolName: tool,
    input: JSON.stringify(parameters),
  }));
  return [...calls, finish('tool-calls')];
}

const finish = (reason: LanguageModelV3FinishReason['unified']): LanguageModelV3StreamPart => ({
  type: 'finish',
  finishReason: { unified: reason, raw: reason },
  usage: NOTHING_USED,
});
