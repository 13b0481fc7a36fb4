/** The shortest prefix that a provider's prompt cache keeps, in tokens; shorter ones are neither written nor read. */
export interface CachedPrefixMinimum {
  /** A part of the model's id, written with dashes. */
  readonly model: string;
  readonly tokens: number;
  readonly source: string;
}

const ANTHROPIC = 'https://platform.claude.com/docs/en/build-with-claude/prompt-caching';
const GOOGLE = 'https://ai.google.dev/gemini-api/docs/caching';

/** The first that fits holds. Checked on 2026-11-21. */
export const CACHED_PREFIX_MINIMUMS: readonly CachedPrefixMinimum[] = [
  { model: 'claude-opus-4-5', tokens: 4096, source: ANTHROPIC },
  { model: 'claude-opus-4-6', tokens: 4096, source: ANTHROPIC },
  { model: 'claude-opus-4-7', tokens: 2048, source: ANTHROPIC },
  { model: 'claude-haiku-4-5', tokens: 4096, source: ANTHROPIC },
  { model: 'claude-3-5-haiku', tokens: 2048, source: ANTHROPIC },
  { model: 'claude-3-haiku', tokens: 2048, source: ANTHROPIC },
  { model: 'gemini-2-5', tokens: 2048, source: GOOGLE },
  { model: 'gemini-3', tokens: 4096, source: GOOGLE },
];

/** That of OpenAI (https://platform.openai.com/docs/guides/prompt-caching) and of Anthropic's other models. */
export const USUAL_CACHED_PREFIX_MINIMUM = 1024;
