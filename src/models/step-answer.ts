import type { LanguageModelV3StreamPart } from '@ai-sdk/provider';
import { ProviderFailure } from './provider-failure.js';

/** A model that sends more than this has lost its way. */
const MAX_ANSWER_CHARS = 1_000_000;
const MAX_CALLS = 32;

const BRACKETS: ReadonlySet<string> = new Set(['text-start', 'text-end', 'reasoning-start', 'reasoning-end']);

export type FinishPart = Extract<LanguageModelV3StreamPart, { type: 'finish' }>;
type ToolCallPart = Extract<LanguageModelV3StreamPart, { type: 'tool-call' }>;
type DeltaPart = Extract<LanguageModelV3StreamPart, { type: 'text-delta' | 'reasoning-delta' }>;

/** What a user sees while an answer is being written. */
export interface LiveDeltas {
  text(delta: string): void;
  reasoning(delta: string): void;
}

/** One whole answer of a model: either a text or tool calls, possibly with text before them. */
export interface StepAnswer {
  /** Everything the AI SDK needs, deltas joined; the calls, then `finish`, come last. */
  readonly parts: readonly LanguageModelV3StreamPart[];
  readonly text: string;
  readonly calls: readonly ToolCallPart[];
  readonly finish: FinishPart;
}

/**
 * Takes the parts of one attempt. Deltas go to the user as they come; the AI SDK gets the answer once it is whole, so
 * that nothing of a broken attempt enters the conversation. (Tools run after the last part anyway.)
 */
export class AnswerReader {
  private readonly parts: LanguageModelV3StreamPart[] = [];
  private readonly calls: ToolCallPart[] = [];
  private text = '';
  private sizeChars = 0;
  private finish: FinishPart | undefined;

  constructor(private readonly live: LiveDeltas) {}

  /** Throws what the provider reports inside its stream. Files, sources, raw chunks: nothing here uses them. */
  take(part: LanguageModelV3StreamPart): void {
    if (part.type === 'error') throw part.error;
    if (part.type === 'text-delta' || part.type === 'reasoning-delta') this.takeDelta(part);
    else if (part.type === 'tool-call') this.takeCall(part);
    else if (part.type === 'finish') this.finish = part;
    else if (BRACKETS.has(part.type)) this.parts.push(part);
  }

  get usage(): FinishPart['usage'] | undefined {
    return this.finish?.usage;
  }

  get isEmpty(): boolean {
    return this.calls.length === 0 && this.text.trim() === '';
  }

  /** The whole answer. Throws ProviderFailure when there is none. */
  answer(): StepAnswer {
    const { finish, calls, text } = this;
    const reason = finish?.finishReason.unified;
    if (finish === undefined || reason === 'error' || (reason === 'other' && finish.finishReason.raw === undefined)) {
      throw new ProviderFailure('cut');
    }
    // The AI SDK runs tools only after these two; calls of an answer that was cut short cannot be trusted.
    if (calls.length > 0 && reason !== 'tool-calls' && reason !== 'stop') throw new ProviderFailure('cut');
    if (this.isEmpty) throw new ProviderFailure('empty');
    return { parts: [...this.parts, ...calls, finish], text, calls, finish };
  }

  private takeDelta(part: DeltaPart): void {
    this.grow(part.delta.length);
    if (part.type === 'text-delta') {
      this.text += part.delta;
      this.live.text(part.delta);
    } else {
      this.live.reasoning(part.delta);
    }
    const last = this.parts.at(-1);
    const joins = last?.type === part.type && last.id === part.id;
    if (!joins) this.parts.push({ ...part });
    else this.parts[this.parts.length - 1] = joined(last, part);
  }

  private takeCall(part: ToolCallPart): void {
    this.grow(part.input.length);
    if (this.calls.length >= MAX_CALLS) return;
    // Some hosts send empty or repeated ids; results are matched to calls by them.
    const taken = part.toolCallId === '' || this.calls.some(({ toolCallId }) => toolCallId === part.toolCallId);
    this.calls.push(taken ? { ...part, toolCallId: `${part.toolCallId}_${this.calls.length + 1}` } : part);
  }

  private grow(chars: number): void {
    this.sizeChars += chars;
    if (this.sizeChars > MAX_ANSWER_CHARS) throw new ProviderFailure('junk');
  }
}

/** Metadata (a signature of the reasoning, for one) comes with the last delta and must survive. */
const joined = (first: DeltaPart, second: DeltaPart): DeltaPart => ({
  ...first,
  delta: first.delta + second.delta,
  ...(second.providerMetadata === undefined ? {} : { providerMetadata: second.providerMetadata }),
});
