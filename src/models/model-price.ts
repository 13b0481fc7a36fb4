import { calcPrice } from '@pydantic/genai-prices';
import type { LanguageModelV3Usage } from '@ai-sdk/provider';
import type { ModelSettings } from '../config/configuration.js';
import type { ModelUsage } from './model-usage.js';

const NANO_USD = 1e9;

export interface PricedCall {
  /** The configured model: the price list knows it by this name. */
  readonly model: string;
  readonly provider: ModelSettings['provider'];
  readonly usage: LanguageModelV3Usage;
  readonly at: Date;
}

/** Tokens and cost of one model call at list price. The cost is null when the model or its usage is unknown: never zero. */
export function priceCall({ model, provider, usage, at }: PricedCall): ModelUsage {
  const { inputTokens, outputTokens } = usage;
  const known = inputTokens.total !== undefined && outputTokens.total !== undefined;
  return {
    inputTokens: inputTokens.total ?? 0,
    outputTokens: outputTokens.total ?? 0,
    costNanoUsd: known ? costNanoUsd({ model, provider, usage, at }) : null,
    model,
  };
}

function costNanoUsd({ model, provider, usage, at }: PricedCall): bigint | null {
  const tokens = {
    input_tokens: usage.inputTokens.total,
    cache_read_tokens: usage.inputTokens.cacheRead,
    cache_write_tokens: usage.inputTokens.cacheWrite,
    output_tokens: usage.outputTokens.total,
  };
  const options = {
    timestamp: at,
    ...(provider === 'openai' || provider === 'anthropic' ? { providerId: provider } : {}),
  };
  try {
    // Gateways write the maker before the name (openai/gpt-4o); the price list wants the name alone.
    const price =
      calcPrice(tokens, model, options) ?? calcPrice(tokens, model.slice(model.lastIndexOf('/') + 1), options);
    return price === null ? null : BigInt(Math.round(price.total_price * NANO_USD));
  } catch {
    // The library throws on figures that contradict each other (more cached than input tokens): no price can be right.
    return null;
  }
}
