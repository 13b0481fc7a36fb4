import { z } from 'zod';
import type { ModelDescription } from '../model-description.js';
import { UNLISTED_PROVIDER } from '../price-override.js';
import type { PriceOverride } from '../price-override.js';

const usd = z.string().nullable();
const time = z.iso.datetime().nullable();
const rates = {
  input_usd_per_million: usd,
  cache_read_usd_per_million: usd,
  cache_write_5m_usd_per_million: usd,
  cache_write_1h_usd_per_million: usd,
  output_usd_per_million: usd,
};

const overrideAnswer = z.object({
  model: z.string(),
  /** null: the price catalogue doesn't know the model. */
  provider: z.string().nullable(),
  /** null: always. */
  from: time,
  ...rates,
  discount_percent: z.string().nullable(),
  note: z.string().nullable(),
});

export const overridesAnswer = z.object({
  data: z.array(overrideAnswer),
  next_cursor: z.null(),
  /** When prices were changed last; null: never. */
  requested_at: time,
  /** Since when stored costs follow them; null: not yet. */
  recomputed_at: time,
});
export type OverridesAnswer = z.output<typeof overridesAnswer>;

export const searchAnswer = z.object({
  data: z.array(
    z.object({
      provider: z.string(),
      model: z.string(),
      name: z.string(),
      context_window: z.int().nullable(),
      deprecated: z.boolean(),
      ...rates,
      /** Calls with more input than this many tokens cost more. */
      dearer_above_input_tokens: z.int().nullable(),
    }),
  ),
  next_cursor: z.null(),
  prices_as_of: z.string(),
});
export type SearchAnswer = z.output<typeof searchAnswer>;

export const overrideAnswerOf = (override: PriceOverride): OverridesAnswer['data'][number] => ({
  model: override.modelId,
  provider: override.provider === UNLISTED_PROVIDER ? null : override.provider,
  from: override.validFrom.getTime() === 0 ? null : override.validFrom.toISOString(),
  input_usd_per_million: override.usdPerMillion.input ?? null,
  cache_read_usd_per_million: override.usdPerMillion.cacheRead ?? null,
  cache_write_5m_usd_per_million: override.usdPerMillion.cacheWrite5m ?? null,
  cache_write_1h_usd_per_million: override.usdPerMillion.cacheWrite1h ?? null,
  output_usd_per_million: override.usdPerMillion.output ?? null,
  discount_percent: override.discountPercent ?? null,
  note: override.note ?? null,
});

export const searchAnswerOf = (models: readonly ModelDescription[], pricesAsOf: string): SearchAnswer => ({
  data: models.map((model) => ({
    provider: model.provider,
    model: model.modelId,
    name: model.name,
    context_window: model.contextWindow ?? null,
    deprecated: model.deprecated,
    input_usd_per_million: model.usdPerMillion.input,
    cache_read_usd_per_million: model.usdPerMillion.cacheRead,
    cache_write_5m_usd_per_million: model.usdPerMillion.cacheWrite5m,
    cache_write_1h_usd_per_million: model.usdPerMillion.cacheWrite1h,
    output_usd_per_million: model.usdPerMillion.output,
    dearer_above_input_tokens: model.dearerAboveInputTokens ?? null,
  })),
  next_cursor: null,
  prices_as_of: pricesAsOf,
});
