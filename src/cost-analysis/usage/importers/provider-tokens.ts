import { isJsonObject } from '../../../context/json.js';
import type { JsonObject, JsonValue } from '../../../context/json.js';
import { countOf } from './field-values.js';
import { inputParts } from './input-parts.js';
import type { InputParts } from './input-parts.js';

/** The tokens of one answer, whoever gave it. */
export interface ProviderTokens extends InputParts {
  readonly output: number;
  readonly reasoning: number | undefined;
}

/**
 * The tokens in the body of a provider's answer, by the shape of its usage: Anthropic and Bedrock leave cached tokens out of the input, the
 * others include them; Google leaves thinking out of the output, the others include it. Undefined when the body has none of the shapes.
 * Throws RejectedRow when a count is none.
 */
export function providerTokens(body: JsonObject): ProviderTokens | undefined {
  const [usage, google, meta] = [at(body, 'usage'), at(body, 'usageMetadata'), at(body, 'meta')];
  if (has(google, 'promptTokenCount')) return googleTokens(google);
  const billed = has(usage, 'billed_units') ? at(usage, 'billed_units') : at(meta, 'billed_units');
  if (has(billed, 'input_tokens')) return plain(billed, { total: 'input_tokens', output: 'output_tokens' });
  if (has(usage, 'inputTokens')) return bedrockTokens(usage);
  if (has(usage, 'input_tokens')) return isAnthropic(usage) ? anthropicTokens(usage) : openaiTokens(usage, RESPONSES);
  return has(usage, 'prompt_tokens') ? openaiTokens(usage, CHAT) : undefined;
}

const isAnthropic = (usage: JsonObject): boolean =>
  has(usage, 'cache_read_input_tokens') || has(usage, 'cache_creation_input_tokens');

const CHAT = { total: 'prompt_tokens', output: 'completion_tokens', parts: 'prompt_tokens_details' } as const;
const RESPONSES = { total: 'input_tokens', output: 'output_tokens', parts: 'input_tokens_details' } as const;

function openaiTokens(usage: JsonObject, names: typeof CHAT | typeof RESPONSES): ProviderTokens {
  const parts = at(usage, names.parts);
  const details = at(usage, names === CHAT ? 'completion_tokens_details' : 'output_tokens_details');
  const reported = {
    total: count(usage, names.total),
    // DeepSeek, Mistral and others have names of their own; gateways put Anthropic's beside prompt_tokens, which include them there.
    cacheRead:
      count(parts, 'cached_tokens') ??
      count(usage, 'prompt_cache_hit_tokens') ??
      count(usage, 'num_cached_tokens') ??
      count(usage, 'cached_tokens') ??
      count(usage, 'cache_read_input_tokens'),
    cacheWrite: count(parts, 'cache_write_tokens') ?? count(usage, 'cache_creation_input_tokens'),
  };
  return {
    ...inputParts(reported, has(parts, 'cached_tokens') && !isAnthropic(usage) ? 'inclusive' : 'likely_inclusive'),
    output: count(usage, names.output) ?? 0,
    reasoning: count(details, 'reasoning_tokens'),
  };
}

function anthropicTokens(usage: JsonObject): ProviderTokens {
  const reported = {
    total: count(usage, 'input_tokens'),
    cacheRead: count(usage, 'cache_read_input_tokens'),
    cacheWrite: count(usage, 'cache_creation_input_tokens'),
    cacheWrite1h: count(at(usage, 'cache_creation'), 'ephemeral_1h_input_tokens'),
  };
  return {
    ...inputParts(reported, 'exclusive'),
    output: count(usage, 'output_tokens') ?? 0,
    reasoning: count(at(usage, 'output_tokens_details'), 'thinking_tokens'),
  };
}

function bedrockTokens(usage: JsonObject): ProviderTokens {
  const details = usage['cacheDetails'];
  const hourly = (Array.isArray(details) ? details : [])
    .filter(isJsonObject)
    .filter((detail) => detail['ttl'] === '1h')
    .reduce((sum, detail) => sum + (count(detail, 'inputTokens') ?? 0), 0);
  const reported = {
    total: count(usage, 'inputTokens'),
    cacheRead: count(usage, 'cacheReadInputTokens') ?? count(usage, 'cacheReadInputTokenCount'),
    cacheWrite: count(usage, 'cacheWriteInputTokens') ?? count(usage, 'cacheWriteInputTokenCount'),
    cacheWrite1h: hourly,
  };
  return { ...inputParts(reported, 'exclusive'), output: count(usage, 'outputTokens') ?? 0, reasoning: undefined };
}

function googleTokens(usage: JsonObject): ProviderTokens {
  const thoughts = count(usage, 'thoughtsTokenCount');
  const prompt = (count(usage, 'promptTokenCount') ?? 0) + (count(usage, 'toolUsePromptTokenCount') ?? 0);
  return {
    ...inputParts({ total: prompt, cacheRead: count(usage, 'cachedContentTokenCount') }, 'inclusive'),
    output: (count(usage, 'candidatesTokenCount') ?? 0) + (thoughts ?? 0),
    reasoning: thoughts,
  };
}

function plain(usage: JsonObject, names: { total: string; output: string }): ProviderTokens {
  return {
    ...inputParts({ total: count(usage, names.total) }),
    output: count(usage, names.output) ?? 0,
    reasoning: undefined,
  };
}

function at(object: JsonObject, key: string): JsonObject {
  const value: JsonValue | undefined = object[key];
  return isJsonObject(value) ? value : {};
}

const has = (object: JsonObject, key: string): boolean => object[key] !== undefined && object[key] !== null;

const count = (object: JsonObject, key: string): number | undefined =>
  has(object, key) ? countOf(object[key], key) : undefined;
