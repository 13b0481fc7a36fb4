/**
 * General-purpose chat models of the present generation that a team might move to. The catalogue holds 1,700 models, most of them
 * old, dated copies, or made for audio, images and search; which of them is a fair substitute is a judgement, and this is it.
 * Checked against the catalogue on 2026-11-21.
 */
export const SUBSTITUTES: readonly { readonly provider: string; readonly modelId: string }[] = [
  { provider: 'openai', modelId: 'gpt-5' },
  { provider: 'openai', modelId: 'gpt-5-mini' },
  { provider: 'openai', modelId: 'gpt-5-nano' },
  { provider: 'openai', modelId: 'gpt-4.1-mini' },
  { provider: 'openai', modelId: 'gpt-4o-mini' },
  { provider: 'openai', modelId: 'gpt-5.4-mini' },
  { provider: 'openai', modelId: 'gpt-6-sol' },
  { provider: 'openai', modelId: 'gpt-6-luna' },
  { provider: 'anthropic', modelId: 'claude-sonnet-5' },
  { provider: 'anthropic', modelId: 'claude-haiku-4-5' },
  { provider: 'google', modelId: 'gemini-2.5-flash' },
  { provider: 'google', modelId: 'gemini-2.5-flash-lite' },
  { provider: 'google', modelId: 'gemini-3.5-flash-lite' },
];
