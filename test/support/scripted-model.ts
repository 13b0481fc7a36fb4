import type {
  LanguageModelV3,
  LanguageModelV3CallOptions,
  LanguageModelV3FinishReason,
  LanguageModelV3StreamPart,
} from '@ai-sdk/provider';

/** What the model does on one call: send parts, at once or slowly, fail before the stream, or cut the stream after some parts. */
export type Turn =
  | readonly LanguageModelV3StreamPart[]
  | { readonly fails: Error }
  | { readonly parts: readonly LanguageModelV3StreamPart[]; readonly pauseMs: number }
  | { readonly parts: readonly LanguageModelV3StreamPart[]; readonly cut: Error }
  | { readonly parts: readonly LanguageModelV3StreamPart[]; readonly hangs: true };

export const finish = (
  unified: LanguageModelV3FinishReason['unified'],
  tokens: { input?: number; output?: number } = {},
): LanguageModelV3StreamPart => ({
  type: 'finish',
  finishReason: { unified, raw: unified },
  usage: {
    inputTokens: { total: tokens.input ?? 0, noCache: tokens.input ?? 0, cacheRead: 0, cacheWrite: 0 },
    outputTokens: { total: tokens.output ?? 0, text: tokens.output ?? 0, reasoning: 0 },
  },
});

export const textParts = (...deltas: readonly string[]): LanguageModelV3StreamPart[] => [
  { type: 'text-start', id: '0' },
  ...deltas.map((delta): LanguageModelV3StreamPart => ({ type: 'text-delta', id: '0', delta })),
  { type: 'text-end', id: '0' },
];

export const reasoningParts = (...deltas: readonly string[]): LanguageModelV3StreamPart[] => [
  { type: 'reasoning-start', id: '0' },
  ...deltas.map((delta): LanguageModelV3StreamPart => ({ type: 'reasoning-delta', id: '0', delta })),
  { type: 'reasoning-end', id: '0' },
];

export const callPart = (toolName: string, input: unknown, toolCallId = 'call_0'): LanguageModelV3StreamPart => ({
  type: 'tool-call',
  toolCallId,
  toolName,
  input: typeof input === 'string' ? input : JSON.stringify(input),
});

/** A model that plays its turns in order; the last one again and again. */
export class ScriptedModel implements LanguageModelV3 {
  readonly specificationVersion = 'v3';
  readonly provider = 'scripted';
  readonly modelId = 'scripted';
  readonly supportedUrls = {};
  readonly requests: LanguageModelV3CallOptions[] = [];

  constructor(private readonly turns: readonly [Turn, ...Turn[]]) {}

  doStream(options: LanguageModelV3CallOptions) {
    this.requests.push(options);
    const turn = this.turns[Math.min(this.requests.length, this.turns.length) - 1] ?? this.turns[0];
    return 'fails' in turn ? Promise.reject(turn.fails) : Promise.resolve({ stream: streamOf(turn) });
  }

  doGenerate(): Promise<never> {
    return Promise.reject(new Error('not scripted'));
  }
}

function streamOf(turn: Exclude<Turn, { readonly fails: Error }>): ReadableStream<LanguageModelV3StreamPart> {
  const parts = 'parts' in turn ? [...turn.parts] : [...turn];
  return new ReadableStream({
    async pull(controller) {
      if ('pauseMs' in turn) await new Promise((resolve) => setTimeout(resolve, turn.pauseMs));
      const part = parts.shift();
      if (part !== undefined) controller.enqueue(part);
      else if ('cut' in turn) controller.error(turn.cut);
      else if (!('hangs' in turn)) controller.close();
      else await new Promise<never>(() => undefined);
    },
  });
}
